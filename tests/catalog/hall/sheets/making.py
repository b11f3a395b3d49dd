"""Sheets for tests: an export that is changed as somebody would in Excel, and what an import says of it."""

import csv
import io

import openpyxl

from tests.template import NOW


def place(hall=None):
    from catalog.hall.sheets.places import Place

    return Place(hall)


def exported(folder, hall=None, name="out.xlsx"):
    """Write a hall's or the city's items into a file of this folder."""
    there, path = place(hall), folder / name
    with there.scope():
        there.write(path, NOW)
    return path


def edit(path, *changes, sheet="事项"):
    """Set cells ``(code, header, value)`` of a sheet; a formula stays one."""
    book = openpyxl.load_workbook(path)
    page = book[sheet]
    headers = {cell.value: cell.column for cell in page[1]}
    rows = {}
    for row in range(2, page.max_row + 1):
        rows.setdefault(page.cell(row, headers["编码"]).value, row)
    for code, header, value in changes:
        page.cell(rows[code], headers[header]).value = value
    book.save(path)
    return path


def workbook(path, **sheets):
    """Write sheets of rows, each row a list of cells."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    book.save(path)
    return path


def csv_file(path, rows, encoding="utf-8"):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def look(path, hall=None, **more):
    """Return the outcome of a look and its lines."""
    from catalog.shared.sheets import importing

    lines = []
    there = place(hall)
    with there.scope():
        outcome = importing.look(there.planner(NOW), path, lines=lines.extend, **more)
    return outcome, lines


def write(path, by, hall=None, **more):
    from catalog.shared.sheets import importing

    there = place(hall)
    with there.scope():
        return importing.write(there.planner(NOW), path, by=by, now=NOW, note="试", **more)


def told(outcome):
    return [str(problem) for problem in outcome.told]
