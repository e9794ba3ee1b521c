"""The check of an installation: what to install where no PDF can be made, silence where it can."""

from reports import checks
from reports.printing import pdf_file


def test_a_machine_without_a_chinese_font_is_told_which_to_install(monkeypatch):
    monkeypatch.setattr(pdf_file, "chinese_fonts", lambda: ())
    found = checks.pdf_reports(None, databases=["default"])
    assert [message.id for message in found] == ["reports.W001"]
    assert "fonts-noto-cjk" in found[0].hint


def test_a_machine_that_can_print_is_told_nothing():
    assert checks.pdf_reports(None, databases=["default"]) == []


def test_no_time_is_spent_on_it_before_an_ordinary_command(monkeypatch):
    monkeypatch.setattr(pdf_file, "why_not", lambda: "asked")
    assert checks.pdf_reports(None) == []
