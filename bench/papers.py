"""`python -m bench.papers`: how many papers a second one process sets, and sets and signs, in turns. Prints a row."""

import time

import django

django.setup()

from cases.hall import pdf  # noqa: E402 -- settings first
from cases.shared import signing  # noqa: E402
from tenants.shared import queries  # noqa: E402

ROUNDS = 40


def facts(number: int) -> dict[str, object]:
    """Return the facts of one invented decision."""
    hall = queries.halls()[0]
    return {
        "hall": hall.name,
        "department": f"{hall.department_prefix}某某局",
        "number": f"{hall.case_prefix}{number:012d}",
        "document_no": f"{hall.document_prefix}准〔2026〕{number:05d}号",
        "item_name": "某某许可",
        "result_name": "某某许可证",
        "validity": "5 年",
        "valid_until": "2031-03-04",
        "holder": "张某某",
        "holder_id": "000000********0000",
        "legal_basis": ["《某某条例》第一条"],
        "issued_on": "2026-03-04",
        "verify_url": f"https://portal.example/verify/{number:032d}/",
        "is_demo": True,
    }


def main() -> None:
    """Set and sign papers in turns and print medians."""
    setting, signing_too = [], []
    # what is loaded once is loaded
    signing.sign(pdf.render("grant", facts(0)), name="x", place="x")
    for number in range(1, ROUNDS + 1):
        began = time.perf_counter()
        unsigned = pdf.render("grant", facts(number))
        set_at = time.perf_counter()
        signing.sign(unsigned, name="x", place="x")
        setting.append(set_at - began)
        signing_too.append(time.perf_counter() - began)
    medians = [sorted(times)[len(times) // 2] for times in (setting, signing_too)]
    rates = [1 / seconds for seconds in medians]
    print(
        f"set {rates[0]:.1f} a second ({medians[0] * 1000:.0f} ms), set and signed {rates[1]:.1f} a second"
        f" ({medians[1] * 1000:.0f} ms): medians of {ROUNDS} in turns, one process"
    )


if __name__ == "__main__":
    main()
