"""Items as sheets: xlsx and csv, out and in again.

From django-import-export: a Resource made of the model's fields, its Fields (one a column) and Widgets (one a kind of
cell), and tablib's idea of a row by header. Ours, because its importer saves row by row what it reads: finding sheet and
header as Excel and WPS leave them, several sheets that make one item, a plan of new, changed, same and conflicting
values before anything is written, and drafts and overrides written in bulk by the services, all or nothing.

marks      where a sheet comes from, and the values it carried when it left
cells      one kind of cell each: words to values and back
kinds      the sheets and their columns, made from the models and from catalog.shared.rows
zipped     whether an xlsx may be opened at all
reading    sheets, headers, rows of a file
staging    the rows of a file on disk, item by item, so that memory does not grow with the file
comparing  what the file says against what is there
planning   the plan of shared and local items
writing    xlsx and csv, and the template
jobs       a file on its way through preview and import
"""
