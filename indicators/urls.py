"""Addresses of the indicators floor, by code."""

from django.urls import path

from indicators.views import (
    cells,
    desk,
    entry,
    history,
    importing,
    lists,
    reading,
    reopening,
    review,
    signed,
    spans,
    timeliness,
    workbook,
    zero,
)

urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("entry/<slug:form>/<str:place>/<str:month>/", entry.entry, name="entry"),
    path("entry/<slug:form>/<str:place>/<str:month>/cells/", cells.cells, name="entry_cells"),
    path("entry/<slug:form>/<str:place>/<str:month>/template.xlsx", workbook.template, name="template"),
    path("entry/<slug:form>/<str:place>/<str:month>/upload/", workbook.upload, name="upload"),
    path(
        "entry/<slug:form>/<str:place>/<str:month>/upload/<int:upload>/", workbook.upload_preview, name="upload_preview"
    ),
    path("entry/<slug:form>/<str:place>/<str:month>/correct/", entry.correct, name="correct"),
    path("entry/<slug:form>/<str:place>/<str:month>/reopen/", reopening.reopen, name="reopen"),
    path("reopenings/<int:pk>/", reopening.reopening, name="reopening"),
    path("timeliness/", timeliness.timeliness, name="timeliness"),
    path("timeliness/list.csv", timeliness.timeliness_csv, name="timeliness_csv"),
    path("timeliness/reminders/", timeliness.reminders, name="reminders"),
    path("check/<int:pk>/", review.town_check, name="town_check"),
    path("history/<slug:item>/<slug:area>/<str:month>/", history.figure_history, name="figure_history"),
    path("import/", importing.import_file, name="import_file"),
    path("import/long-form.csv", importing.long_form, name="long_form"),
    path("import/<int:pk>/", importing.import_preview, name="import_preview"),
    path("review/", review.review_list, name="review_list"),
    path("review/<int:pk>/", review.review, name="review"),
    path("review/back-fill/", signed.sign_back_fill, name="sign_back_fill"),
    path("span-totals/", spans.span_list, name="span_list"),
    path("span-totals/new/", spans.span_new, name="span_new"),
    path("span-totals/<int:pk>/", spans.span, name="span"),
    path("span-totals/<int:pk>/change/", spans.span_change, name="span_change"),
    path("indicators/", lists.indicator_list, name="indicator_list"),
    path("indicators/list.csv", lists.indicator_list_csv, name="indicator_list_csv"),
    path("indicators/<str:code>/", reading.indicator, name="indicator"),
    path("indicators/<str:code>/data.csv", reading.indicator_csv, name="indicator_csv"),
    path("zero/", zero.zero, name="zero"),
    path("zero/list.csv", zero.zero_csv, name="zero_csv"),
    path("areas/", lists.area_list, name="area_list"),
    path("areas/<str:code>/", lists.area, name="area"),
]
