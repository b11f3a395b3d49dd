"""Cases, events, files and results: the hall's schema."""

from django.apps import AppConfig


class CasesHallConfig(AppConfig):
    """Cases, events, files and results: the hall's schema."""

    name = "cases.hall"
    label = "cases_hall"
    retention = ("cases.hall.retention.RULES",)
    masks = ("cases.hall.masks.MASKS",)
    hall_sweeps = (
        "cases.hall.tasks.uses_are_counted",
        "cases.hall.tasks.people_are_told",
        "cases.hall.tasks.people_hear_of_closing",
        "cases.hall.tasks.what_has_run_out_goes",
        "cases.hall.tasks.children_come_of_age",
        "cases.hall.enquiry_tasks.enquiries_are_swept",
        "cases.hall.tasks.unfinished_uploads_go",
    )
    city_sweeps = ("cases.hall.tasks.what_has_run_out_of_the_citys_goes",)
    city_jobs = ("cases.hall.tasks.people_get_their_rights",)
    hall_jobs = (
        "cases.hall.tasks.papers_are_made",
        "cases.hall.tasks.steps_that_waited_are_taken",
        "cases.hall.services.post.visit",
        "cases.hall.tasks.acts_on_many",
        "cases.hall.tasks.exports_wait",
        "cases.hall.services.payments.asking.visit",
    )
    hall_timed_jobs = ("cases.hall.booking_tasks.bookings_are_swept",)
    post_hindrances = ("cases.hall.queries.staff.hindrances",)
    staff_facts = ("cases.hall.queries.staff.covers",)
    staff_notices = ("cases.hall.notice_banner.channels_down",)
    hall_files = ("cases.hall.file_checks.files",)
    hall_put_back = ("cases.hall.tasks.what_was_erased_goes_again",)
    hall_in_use = ("cases.hall.onboarding.in_use",)
    # a copy of a hall has none of these facts
    checks_of_public_facts = (
        "cases.hall.checks.pointers_follow_cases",
        "cases.hall.paper_checks.papers_are_there",
        "cases.hall.mandate_checks.pointers_follow_mandates",
        "cases.hall.booking_checks.bookings_agree_with_their_rows",
        "cases.hall.enquiry_checks.enquiries_agree_with_their_rows",
        "cases.hall.bundle_checks.pointers_name_their_parent",
    )
    # findings of check_halls
    hall_checks = (
        "cases.hall.checks.dues_follow_ledger",
        "cases.hall.checks.pointers_follow_cases",
        "cases.hall.checks.files_are_there",
        "cases.hall.checks.states_follow_events",
        "cases.hall.checks.marks_follow_rows",
        "cases.hall.checks.claims_follow_rows",
        "cases.hall.paper_checks.documents_have_no_gap",
        "cases.hall.paper_checks.papers_are_there",
        "cases.hall.mandate_checks.pointers_follow_mandates",
        "cases.hall.mandate_checks.papers_are_there",
        "cases.hall.booking_checks.slots_hold_what_is_booked",
        "cases.hall.booking_checks.bookings_agree_with_their_rows",
        "cases.hall.payment_checks.payments_agree_with_call_backs",
        "cases.hall.payment_checks.marks_follow_payments",
        "cases.hall.enquiry_checks.enquiries_agree_with_their_rows",
        "cases.hall.enquiry_checks.enquiry_files_are_there",
        "cases.hall.bundle_checks.parents_agree_with_children",
        "cases.hall.bundle_checks.pointers_name_their_parent",
        "cases.hall.bundle_checks.files_are_each_childs_own",
        "cases.hall.file_checks.other_files_are_there",
        "cases.hall.checks.codes_are_known",
    )
