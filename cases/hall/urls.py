"""Applying, following, and the clerk's desk."""

from django.urls import URLPattern, URLResolver, path

from cases.hall.views import apply, check, desk, draft, files, later, progress, review, step, track

urlpatterns: list[URLPattern | URLResolver] = [
    path("items/<str:code>/apply/", apply.start, name="apply"),
    path("drafts/<uuid:pk>/", draft.tasks, name="draft"),
    path("drafts/<uuid:pk>/discard/", draft.discard, name="draft-discard"),
    path("drafts/<uuid:pk>/form/<int:number>/", draft.form_page, name="draft-form"),
    path("drafts/<uuid:pk>/delivery/", draft.delivery, name="draft-delivery"),
    path("drafts/<uuid:pk>/files/", files.upload_page, name="draft-files"),
    path("drafts/<uuid:pk>/files/<uuid:file_pk>/", files.own_file, name="draft-file"),
    path("drafts/<uuid:pk>/files/<uuid:file_pk>/remove/", files.remove, name="draft-file-remove"),
    path("drafts/<uuid:pk>/files/<str:key>/add/", files.add, name="draft-file-add"),
    path("drafts/<uuid:pk>/check/", check.check, name="draft-check"),
    path("cases/<str:number>/", progress.case_page, name="case"),
    path("cases/<str:number>/receipt/", progress.receipt, name="case-receipt"),
    path("cases/<str:number>/files/", later.add_page, name="case-files"),
    path("cases/<str:number>/files/<str:key>/add/", later.add, name="case-file-add"),
    path("cases/<str:number>/files/<uuid:file_pk>/", progress.case_file, name="case-file"),
    path("cases/<str:number>/result.pdf", progress.result_pdf, name="case-result"),
    path("cases/<str:number>/papers/<uuid:event_pk>/", progress.document_pdf, name="case-document"),
    path("track/", track.track, name="track"),
    path("clerk/", desk.desk, name="clerk"),
    path("clerk/cases/<str:number>/", review.review, name="review"),
    path("clerk/cases/<str:number>/<slug:name>/", step.act, name="act"),
]
