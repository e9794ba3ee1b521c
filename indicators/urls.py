"""Addresses of the indicators floor, by code."""

from django.urls import path

from indicators.views import entry, reading, review

urlpatterns = [
    path("desk/", entry.desk, name="desk"),
    path("entry/<slug:form>/<str:place>/<str:month>/", entry.entry, name="entry"),
    path("entry/<slug:form>/<str:place>/<str:month>/template.xlsx", entry.template, name="template"),
    path("entry/<slug:form>/<str:place>/<str:month>/upload/", entry.upload, name="upload"),
    path("entry/<slug:form>/<str:place>/<str:month>/upload/<int:upload>/", entry.upload_preview, name="upload_preview"),
    path("entry/<slug:form>/<str:place>/<str:month>/correct/", entry.correct, name="correct"),
    path("review/", review.review_list, name="review_list"),
    path("review/<int:pk>/", review.review, name="review"),
    path("indicators/<str:code>/", reading.indicator, name="indicator"),
    path("indicators/<str:code>/data.csv", reading.indicator_csv, name="indicator_csv"),
]
