"""Who may do what to which table: the whole of it, applied by set-up after each migration.

Grantees of public tables: `gate` (a login), `portal`, `city`, `halls` (the group of all halls' roles),
`readers` (portal, city and halls), `sealer` (a login). A public table that is not named here is reached by nobody
but the owner; a table of the accounts app is gate's without being named.
"""

READ = "SELECT"
WRITE = "SELECT, INSERT, UPDATE, DELETE"

PUBLIC_RIGHTS: dict[str, dict[str, str]] = {
    "tenants_shared_city": {"gate": READ, "readers": READ, "sealer": READ},
    "tenants_shared_hall": {"gate": READ, "readers": READ, "sealer": READ},
    "tenants_shared_domain": {"gate": READ, "readers": READ},
    # the owner's: where halls stand, and how they got there
    "tenants_shared_migrationscript": {},
    "tenants_shared_hallmigration": {"city": READ},
    # what the city asks of the operator: inserted, and never changed by it
    "tenants_shared_halljob": {"city": "SELECT, INSERT"},
    "tenants_shared_halljobstep": {"city": READ},
    "tenants_shared_halljobwish": {"city": "SELECT, INSERT"},
    # what check_halls found: written by the operator
    "tenants_shared_hallcheck": {"city": READ},
    "tenants_shared_hallfinding": {"city": READ},
    # a hall's life: written by the owner, and read where people are told of it
    "tenants_shared_halltransition": {"readers": READ},
    "tenants_shared_halldeletion": {"city": "SELECT, INSERT, UPDATE"},
    "tenants_shared_hallcertificate": {"city": READ},
    "tenants_shared_onboardingdraft": {"city": WRITE},
    # what a hall says of itself before it opens
    "tenants_shared_golivefact": {"halls": "SELECT, INSERT, UPDATE", "city": READ},
    "tenants_shared_hallarchive": {"city": READ},
    "tenants_shared_hallrestore": {"city": READ},
    "tenants_shared_restoredrill": {"city": READ},
    # so that the web tier sees whether it may start
    "django_migrations": {"gate": READ},
    # the city asks and approves; a hall may end a visit of its own, and say that it told its admins
    "tenants_shared_hallvisit": {
        "halls": "SELECT, UPDATE (ended_at, ended_by_name, tell_at, told)",
        "city": "SELECT, INSERT, UPDATE",
    },
    "tenants_shared_division": {"readers": READ, "city": WRITE},
    # looks: each hall its own, the city its default; what was published is never changed
    "theming_halltheme": {"gate": READ, "portal": READ, "halls": "SELECT, INSERT", "city": "SELECT, INSERT"},
    "theming_themedraft": {"portal": READ, "halls": WRITE, "city": WRITE},
    "theming_themefile": {
        "gate": READ,
        "portal": READ,
        "halls": "SELECT, INSERT, DELETE",
        "city": "SELECT, INSERT, DELETE",
    },
    "catalog_shared_theme": {"readers": READ, "city": WRITE},
    "catalog_shared_shareditem": {"readers": READ, "city": "SELECT, INSERT, UPDATE"},
    # read by halls for old versions of a guide and for the day a review is due
    "catalog_shared_sharedversion": {"readers": READ, "city": "SELECT, INSERT"},
    "catalog_shared_shareddraft": {"city": WRITE},
    # the city writes on publishing what halls' items then are: derived, and proved equal by check_halls
    "catalog_shared_offer": {"halls": WRITE, "portal": READ, "city": "SELECT, UPDATE"},
    "catalog_shared_overridefact": {"halls": WRITE, "portal": READ, "city": READ},
    "catalog_shared_bundle": {"readers": READ, "city": WRITE},
    "catalog_shared_feedbackfact": {"halls": WRITE, "city": READ},
    "catalog_shared_sheetjob": {"city": WRITE},
    "catalog_shared_sheetline": {"city": WRITE},
    "catalog_shared_sheetbell": {"halls": WRITE, "city": "SELECT, DELETE"},
    "catalog_shared_portalitem": {"portal": READ, "city": READ, "halls": READ},
    "catalog_shared_openreview": {"city": READ},
    # the search: derived of items; popular phrases are the city's to edit
    "catalog_shared_sharedwording": {"readers": READ, "city": WRITE},
    "catalog_shared_sharedterm": {"readers": READ, "city": WRITE},
    "catalog_shared_hallwording": {"halls": WRITE, "portal": READ, "city": READ},
    "catalog_shared_hallterm": {"halls": WRITE, "portal": READ, "city": READ},
    "catalog_shared_popularphrase": {"readers": READ, "city": WRITE},
    "catalog_shared_searchlog": {
        "halls": WRITE,
        "portal": "SELECT, INSERT, UPDATE",
        "city": "SELECT, DELETE",
    },
    "cases_shared_calendarday": {"readers": READ, "city": WRITE},
    "cases_shared_calendaryear": {"readers": READ, "city": WRITE},
    "cases_shared_pointer": {"halls": WRITE, "portal": READ, "city": READ},
    "cases_shared_mandatepointer": {"halls": WRITE, "portal": READ, "city": READ},
    "cases_shared_bookingpointer": {"halls": WRITE, "portal": READ, "city": READ},
    "cases_shared_enquirypointer": {"halls": WRITE, "portal": READ, "city": READ},
    "cases_shared_verification": {"halls": "SELECT, INSERT, UPDATE", "portal": READ, "city": READ},
    "cases_shared_calendardraft": {"city": WRITE},
    # the city's worker carries an agreed case from hall to hall; it reads and changes nothing
    "cases_shared_transfer": {"halls": "SELECT, INSERT, UPDATE", "city": READ},
    "cases_shared_doorbell": {"halls": WRITE, "city": "SELECT, DELETE"},
    # what a person is told over all halls: the portal marks it as read; and how the providers of messages answer
    "cases_shared_inboxmessage": {"halls": WRITE, "portal": "SELECT, UPDATE"},
    "cases_shared_channelstate": {"readers": READ, "city": "SELECT, INSERT, UPDATE"},
    # when the worker last ran, and what stood still: the city's own, and each hall's
    "cases_shared_heartbeat": {"city": "SELECT, INSERT, UPDATE"},
    "cases_shared_outage": {"readers": READ, "city": "SELECT, INSERT, UPDATE"},
    "cases_shared_halloutage": {"halls": "SELECT, INSERT, UPDATE", "city": READ},
    # what people ask with their own data: the portal writes it down, the city's worker does it, each hall says what it removed
    "cases_shared_datarequest": {"portal": "SELECT, INSERT", "city": "SELECT, UPDATE, DELETE"},
    "cases_shared_datareceipt": {"halls": "SELECT, INSERT", "portal": READ, "city": "SELECT, DELETE"},
    # who read a whole ID number: shown to the person; a hall changes whose it is when somebody claims their account
    "cases_shared_reading": {"halls": "SELECT, INSERT, UPDATE", "portal": READ, "city": "SELECT, DELETE"},
    # read for the pages of the trail (docs/decisions/0008); changed by nobody
    "audit_record": {"gate": "INSERT", "portal": "INSERT", "city": "SELECT, INSERT", "sealer": READ},
    "audit_seal": {"city": READ, "sealer": "SELECT, INSERT"},
}

# public tables that halls write: row-level security compares `hall_role` with current_user
HALL_WRITTEN_TABLES = (
    "tenants_shared_hallvisit",
    "tenants_shared_golivefact",
    "catalog_shared_offer",
    "catalog_shared_overridefact",
    "catalog_shared_feedbackfact",
    "catalog_shared_sheetbell",
    "catalog_shared_hallwording",
    "catalog_shared_hallterm",
    "catalog_shared_searchlog",
    "cases_shared_pointer",
    "cases_shared_mandatepointer",
    "cases_shared_bookingpointer",
    "cases_shared_enquirypointer",
    "cases_shared_verification",
    "cases_shared_transfer",
    "cases_shared_doorbell",
    "cases_shared_inboxmessage",
    "cases_shared_halloutage",
    "cases_shared_datareceipt",
    "cases_shared_reading",
    "theming_halltheme",
    "theming_themedraft",
    "theming_themefile",
)

# public tables in which the city asks and the owner answers: the condition under which a row may be inserted
ASKED_TABLES = {
    "tenants_shared_halljob": "state = 'waiting' AND facts = jsonb_build_object() AND started_at IS NULL",
    "tenants_shared_halljobwish": "heard_at IS NULL",
}

# public tables that a hall's tables may reference; never people
REFERENCE_TABLES = (
    "tenants_shared_hall",
    "tenants_shared_division",
    "catalog_shared_theme",
    "cases_shared_calendarday",
)

# tables of a hall's schema on which its own role may do less than everything
HALL_RIGHTS: dict[str, str] = {
    "django_migrations": "",
    "tenants_hall_identity": READ,
    "catalog_hall_effectiveitem": READ,
    "catalog_hall_review": READ,
    "catalog_hall_localversion": "SELECT, INSERT",
    "cases_hall_event": "SELECT, INSERT",
    "cases_hall_ledgerentry": "SELECT, INSERT",
    "cases_hall_exporttaking": "SELECT, INSERT",
    # posts are ended, never deleted: somebody acted under them
    "tenants_hall_post": "SELECT, INSERT, UPDATE",
    "audit_record": "SELECT, INSERT",
    "audit_seal": READ,
    "cases_hall_paperversion": "SELECT, INSERT",
    "cases_hall_mending": "SELECT, INSERT",
    "cases_hall_deliveryreceipt": "SELECT, INSERT",
    "cases_hall_departmentpaper": "SELECT, INSERT",
    # cases were filed under them: ended, never deleted
    "cases_hall_mandate": "SELECT, INSERT, UPDATE",
    "cases_hall_mandatepaper": "SELECT, INSERT",
    "cases_hall_principal": "SELECT, INSERT, UPDATE",
    "cases_hall_proxyterm": "SELECT, INSERT, UPDATE",
    # money: nothing of it is ever deleted
    "cases_hall_payment": "SELECT, INSERT, UPDATE",
    "cases_hall_callback": "SELECT, INSERT",
    "cases_hall_enquiryevent": "SELECT, INSERT",
    "cases_hall_enquiryparty": "SELECT, INSERT",
    "cases_hall_enquiryfile": "SELECT, INSERT",
    # never changed; it goes with the visit when its time is over
    "cases_hall_bookingevent": "SELECT, INSERT, DELETE",
    "cases_hall_parentcase": "SELECT, INSERT",
}
SEALER_RIGHTS: dict[str, str] = {"audit_record": READ, "audit_seal": "SELECT, INSERT"}
