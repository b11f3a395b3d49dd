"""What of a hall still works in which state of its life: its routes by name, and what hinders a step.

`tenants.shared.life.transitions` says what each state lets whom do; a route that writes and is not named here begins something new.
A name may stand for one method alone, as in "DELETE api-draft".
"""

HALL_ROUTES: dict[str, frozenset[str]] = {
    # ways in and out, the look, and what says how the program is
    "door": frozenset(
        {
            "healthz", "readyz", "api-schema", "theming:stylesheet", "theming:picture", "theming:display",
            "staff-sign-in", "sign-out", "come-in", "arrive", "api-token",
            "sign-in-second", "sign-in-recovery", "sign-in-set-up", "sign-in-set-up-passkey", "sign-in-password",
            "account-confirm", "session-left", "invitation", "staff-visit-end",
        }
    ),
    # asked for by POST, or kept elsewhere than in the hall
    "look": frozenset(
        {
            "track", "staff-item-form", "case-file-keep", "case-result-keep",
            "account-password", "security-totp", "security-passkey", "security-codes", "security-remove",
            "security-session-end", "security-token-end",
        }
    ),
    # what a running case may ask of its applicant by a day, and what takes something back
    "running": frozenset(
        {
            "case-correction", "case-correction-send", "case-correction-add", "case-correction-remove",
            "api-case-correction", "case-files", "case-file-add", "api-case-files", "whole-give",
            "case-pay", "case-pay-ask", "api-case-payment", "api-payment-call-back",
            "case-act", "api-case-action", "whole-withdraw", "api-parent-withdraw",
            "draft-discard", "draft-file-remove", "DELETE api-draft",
            "booking-cancel", "DELETE api-booking", "booking-appeal", "check-in",
            "enquiry-add", "api-enquiry-add", "enquiry-rate", "api-enquiry-rate", "enquiry-private",
            "mandate-end", "api-mandate-revoke", "mandate-telling", "case-take-over",
        }
    ),
    # the staff's work on what runs, besides all that stands below clerk/
    "desk": frozenset(
        {
            "api-clerk-enquiry-act", "api-clerk-enquiries", "api-system-events",
            "staff-notice-done", "staff-message-again", "api-staff-message-again",
            "staff-outages", "staff-outage-end", "appeal", "staff-proxy-end",
            "staff-system-resend", "staff-system-letter", "staff-system-skip",
            "window-close", "window-reopen", "staff-feedback-answer",
        }
    ),
}  # fmt: skip
# asked for by other programs, which hold no post: they work as long as the staff does
HALL_MACHINES = frozenset({"api-system-events"})

# who may see a hall in rehearsal besides its staff: function(person's UUID) -> bool, in the hall's scope
HALL_INVITED: tuple[str, ...] = ("tenants.hall.services.guests.is_invited",)

# what must be put right before a step of a hall's life: function(hall) -> sentences, as the city
HALL_CHECKS: dict[str, tuple[str, ...]] = {
    "rehearse": (),
    "prepare": ("cases.shared.closing.nothing_waits",),
    "open": ("tenants.shared.life.golive.hinders",),
    "archive": ("cases.shared.closing.nothing_waits",),
    "delete": ("cases.shared.closing.nothing_waits",),
}
# an export of a hall that was made and checked: function(hall) -> {"digest", "at", "name"} or None, as the city
HALL_EXPORTED = "tenants.shared.archive.history.last"
# the export that a deletion makes last: function(job) -> {"digest", "at", "name"}, as the owner
HALL_FINAL_EXPORT = "tenants.shared.archive.steps.last_export"
# what a certificate is signed with: function(bytes) -> a detached signature (CMS, DER)
HALL_SIGNER = "cases.shared.signing.sign_bytes"

# days between the second person's yes and the deletion of a hall
DELETION_GRACE_DAYS = 30

# tables of `gate` that stamp rows with a hall's key, and the column: they follow a renaming, and go with the hall
HALL_STAMPED = {"accounts_session": "hall", "accounts_ticket": "hall", "accounts_token": "hall"}
# public tables with rows of a hall that stay when it is deleted, and why; of all others the rows go
HALL_KEPT_TABLES = {
    "cases_shared_verification": "papers that were issued stay verifiable (行政许可法 40)",
    "cases_shared_datareceipt": "what was removed for somebody: three years, by its own sweep (个人信息保护法 56)",
    "cases_shared_reading": "who read an ID number: three years, by its own sweep (个人信息保护法 56)",
    "cases_shared_halloutage": "how a date was counted must be told for good",
    "tenants_shared_domain": "the old address says that the hall is gone",
    "tenants_shared_division": "places of the city, not the hall's",
    "tenants_shared_halljob": "what was done to the hall",
    "tenants_shared_hallmigration": "what was done to the hall",
    "tenants_shared_hallarchive": "where its last export lies",
    "tenants_shared_hallrestore": "what was done to the hall",
    "tenants_shared_hallvisit": "who of the city was let in",
    "tenants_shared_halltransition": "the hall's life",
    "tenants_shared_halldeletion": "who wanted it",
    "tenants_shared_hallcertificate": "what the deletion removed",
}
