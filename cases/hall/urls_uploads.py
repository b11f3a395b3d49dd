"""Files in parts, their pages, and what people keep."""

from django.urls import URLPattern, URLResolver, path

from cases.hall.views.uploads import acts, pages, parts

urlpatterns: list[URLPattern | URLResolver] = [
    path("drafts/<uuid:pk>/files/<str:key>/parts/", parts.begin, name="draft-upload-begin"),
    path("drafts/<uuid:pk>/uploads/<uuid:upload_pk>/", parts.one, name="draft-upload"),
    path("drafts/<uuid:pk>/uploads/<uuid:upload_pk>/finish/", parts.finish, name="draft-upload-finish"),
    path("drafts/<uuid:pk>/files/<uuid:file_pk>/pages/", pages.arrange, name="draft-file-pages"),
    path("drafts/<uuid:pk>/files/<uuid:file_pk>/pages/add/", pages.append, name="draft-file-append"),
    path("drafts/<uuid:pk>/files/<uuid:file_pk>/pages/<int:page>/", pages.picture, name="draft-file-page"),
    path(
        "drafts/<uuid:pk>/files/<uuid:file_pk>/pages/<int:page>/change/",
        pages.change,
        name="draft-file-change",
    ),
    path("drafts/<uuid:pk>/files/<str:key>/use/<uuid:material_pk>/", acts.use, name="draft-file-use"),
    path("cases/<str:number>/files/<uuid:file_pk>/keep/", acts.keep, name="case-file-keep"),
    path("cases/<str:number>/result/keep/", acts.keep_result, name="case-result-keep"),
    path("clerk/cases/<str:number>/files/<uuid:file_pk>/compare/", acts.compare, name="case-file-compare"),
]
