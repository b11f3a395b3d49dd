"""What the archive of one hall holds besides the rows of its schema, and with which keys it is written.

`tenants.shared.archive` knows tables from the database's catalogs; what it must know of the apps above stands here by name.
"""

from pathlib import Path

from config.settings.apps import VAR
from config.settings.environment import read_for

_ENV = read_for()
_KEYS = VAR / "archive-keys"

# where archives lie that the operator makes; a command may write anywhere
ARCHIVES: Path = Path(_ENV["ARCHIVES"] or VAR / "archives")
ARCHIVE_SIGNING_KEY: str = _ENV["ARCHIVE_SIGNING_KEY"] or str(_KEYS / "signing.pem")
ARCHIVE_TRUSTED: str = _ENV["ARCHIVE_TRUSTED"]
ARCHIVE_RECIPIENT: str = _ENV["ARCHIVE_RECIPIENT"] or str(_KEYS / "recipient.pem")
ARCHIVE_KEY: str = _ENV["ARCHIVE_KEY"] or (str(_KEYS / "private.pem") if _ENV["MODE"] == "demo" else "")
# an archive's file goes when so many newer ones of its hall are there, and so many days are over
ARCHIVES_KEPT: int = _ENV["ARCHIVES_KEPT"]
ARCHIVES_DAYS: int = _ENV["ARCHIVES_DAYS"]
# days between two drills, each of the hall whose last is the longest ago; 0: none
DRILL_DAYS: int = _ENV["DRILL_DAYS"]

# columns with the names of a hall's files in the storage `cases`
ARCHIVE_FILES = (
    ("cases_hall_casefile", "path"),
    ("cases_hall_mandatepaper", "path"),
    ("cases_hall_paper", "path"),
    ("cases_hall_departmentpaper", "path"),
    ("cases_hall_enquiryfile", "path"),
    ("cases_hall_export", "path"),
    ("catalog_hall_sheetjob", "path"),
)
# public tables whose rows of a hall name files in its folder: the column, and below which folder. They are on every page,
# so a copy for practice has them as they are
ARCHIVE_FACT_FILES = (("theming_themefile", "digest", "theme"),)
# a program's own for a moment: uploads that are not finished
ARCHIVE_EMPTY = ("cases_hall_upload",)

# What becomes of a public table's rows of the hall when it is restored in its own place: REPLACE gives what the archive has,
# KEEP leaves what is there and adds what is missing, REBUILD lets the app above write them again from the hall's rows
# (`hall_restored`), LEAVE is none of the archive's. A copy under another key gets those that are rebuilt, and ARCHIVE_COPIED_FACTS.
REPLACE, KEEP, REBUILD, LEAVE = "replace", "keep", "rebuild", "leave"
ARCHIVE_FACTS = {
    # where a hall is, and what the city did with it: true of the hall that stands here, whatever rows it has
    "tenants_shared_domain": LEAVE,
    "tenants_shared_division": LEAVE,
    "tenants_shared_halljob": LEAVE,
    "tenants_shared_hallmigration": LEAVE,
    "tenants_shared_hallarchive": LEAVE,
    "tenants_shared_hallrestore": LEAVE,
    "tenants_shared_restoredrill": LEAVE,
    "tenants_shared_halltransition": LEAVE,
    "tenants_shared_halldeletion": LEAVE,
    "tenants_shared_hallcertificate": LEAVE,
    "tenants_shared_hallvisit": LEAVE,
    # what was found before it opened; whoever opens it looks again
    "tenants_shared_golivefact": LEAVE,
    # what was published stays published, and a copy looks as the hall did
    "theming_halltheme": KEEP,
    "theming_themefile": KEEP,
    # somebody is at work on it now, on the look that is in force now
    "theming_themedraft": LEAVE,
    "catalog_shared_offer": REBUILD,
    "catalog_shared_overridefact": REPLACE,
    "catalog_shared_feedbackfact": REPLACE,
    "catalog_shared_hallwording": REBUILD,
    "catalog_shared_hallterm": REBUILD,
    "catalog_shared_sheetbell": LEAVE,
    "catalog_shared_searchlog": LEAVE,
    "cases_shared_pointer": REPLACE,
    "cases_shared_mandatepointer": REPLACE,
    "cases_shared_bookingpointer": REPLACE,
    "cases_shared_enquirypointer": REPLACE,
    # a paper that was issued stays verifiable, one that was revoked stays revoked
    "cases_shared_verification": KEEP,
    "cases_shared_transfer": KEEP,
    "cases_shared_doorbell": LEAVE,
    # what somebody was told, or may know, is not taken back
    "cases_shared_inboxmessage": KEEP,
    "cases_shared_halloutage": KEEP,
    "cases_shared_datareceipt": KEEP,
    "cases_shared_reading": KEEP,
}
# of these a copy too has rows, as its own: what a hall did to shared items, and how it looks
ARCHIVE_COPIED_FACTS = ("catalog_shared_overridefact", "theming_halltheme", "theming_themefile")

# (table, column) of a hall's rows that name a shared row by its code, and (public table, column) of that code
ARCHIVE_REFERENCES = {
    ("catalog_hall_adoption", "code"): ("catalog_shared_shareditem", "code"),
    ("catalog_hall_override", "code"): ("catalog_shared_shareditem", "code"),
    ("cases_hall_case", "item_code"): ("catalog_shared_shareditem", "code"),
    ("cases_hall_parentcase", "bundle"): ("catalog_shared_bundle", "key"),
    ("cases_hall_case", "division"): ("tenants_shared_division", "code"),
}

# numbers that people were given: one that a restored hall knows nothing of is told, and is never given again
ARCHIVE_NUMBERS = {
    "cases_hall_case": "number",
    "cases_hall_parentcase": "number",
    "cases_hall_booking": "number",
    "cases_hall_enquiry": "number",
}
ARCHIVE_PUBLIC_NUMBERS = {
    "cases_shared_pointer": "number",
    "cases_shared_bookingpointer": "number",
    "cases_shared_enquirypointer": "number",
}
# papers that stay verifiable though the restored hall does not know them
ARCHIVE_PAPERS = ("cases_shared_verification", "document_no")
# the table of serials with its two columns, and the function that says which serial a number was given from
ARCHIVE_COUNTERS = ("cases_hall_serial", "key", "last")
ARCHIVE_SERIAL_OF = "cases.hall.archive.serial_of"
# who works in a hall: in a copy for practice they stay themselves, so that they can sign in
ARCHIVE_STAFF = ("tenants_hall_post", "person")
