"""A right notice of a year that nobody has published yet."""

NOTICE = "国务院办公厅关于2027年部分节假日安排的通知"
HOLIDAYS = [
    ("2027-01-01", "元旦"),
    *((f"2027-02-{day:02d}", "春节") for day in range(5, 13)),
    ("2027-04-05", "清明节"),
    *((f"2027-05-0{day}", "劳动节") for day in range(1, 6)),
    ("2027-06-09", "端午节"),
    ("2027-09-15", "中秋节"),
    *((f"2027-10-0{day}", "国庆节") for day in range(1, 8)),
]
ROWS = [{"date": day, "is_workday": "0", "name": name} for day, name in HOLIDAYS] + [
    {"date": "2027-02-13", "is_workday": "1", "name": "春节调休"}
]


def as_text(rows=ROWS):
    """Return rows as a person pastes them."""
    return "\n".join(f"{row['date']},{row['is_workday']},{row['name']}" for row in rows)
