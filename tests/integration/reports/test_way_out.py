"""A report from its beginning to a final edition, and to the next: texts stay, the final never changes."""

import hashlib
import io
from datetime import date

import docx
import pytest
from django.db import DatabaseError, transaction

from bureau import files
from bureau.models import AuditEvent
from reports import edition_files, editions, issuing, writing
from reports.composing import manuscript_of
from reports.models import Document, Edition, PartRevision, Report
from tasks.rules import Conflict, Refused
from tests.integration.reports.conftest import MONTH, correct

MOVED = {f"{key}/{code}" for key in ("cause", "next") for code in ("A01", "A02")}  # both are made of D01
NUMBER, DAY = "盐人社〔2017〕23号", date(2017, 2, 3)


def begun(place, kind: str = "bulletin") -> Edition:
    return editions.begin(kind, MONTH, by=place.office)


def filled(place, edition: Edition) -> Edition:
    for part in edition.parts.all():
        writing.write(edition, part.key, f"{part.key}的文字。", by=place.office, seen=0)
    return Edition.objects.get(pk=edition.pk)


def finished(place, edition: Edition, number: str = NUMBER) -> Edition:
    edition = issuing.submit(filled(place, edition), by=place.office, seen=edition.version)
    ready = edition_files.ready(edition, number, DAY, seen=edition.version)
    return issuing.finalise(edition, ready, by=place.leader)


def test_a_report_is_begun_once_on_the_newest_release(place):
    edition = begun(place)
    assert (edition.number, edition.release, edition.state) == (1, place.release, "draft")
    assert [part.key for part in edition.parts.all()] == ["problems", "demands"]
    with pytest.raises(Refused, match="2015年1月的月度通报已有第 1 版"):
        begun(place)
    with pytest.raises(Refused, match="2015年2月还没有发布"):
        editions.begin("bulletin", MONTH + 1, by=place.office)
    assert Report.objects.count() == 1


def test_each_core_indicator_is_explained_by_its_own_section(place):
    edition = begun(place, "evaluation")
    owners = {part.key: part.section.code for part in edition.parts.select_related("section")}
    assert owners["cause/A01"] == owners["next/A01"] == "jyj"
    assert owners["background"] == "bgs"
    assert len([key for key in owners if key.startswith("cause/")]) == len(place.indicators)


def test_every_text_that_was_saved_is_kept(place):
    edition = begun(place)
    writing.write(edition, "problems", "甲。", by=place.office, seen=0)
    writing.write(edition, "problems", "乙。\r\n\r\n\r\n\r\n丙\x07。  ", by=place.second, seen=1)
    part = edition.parts.get(key="problems")
    assert (part.text, part.version, part.by) == ("乙。\n\n丙。", 2, place.second)
    assert list(PartRevision.objects.values_list("version", "text")) == [(2, "乙。\n\n丙。"), (1, "甲。")]


def test_a_text_is_not_written_over_what_somebody_else_saved(place):
    edition = begun(place)
    writing.write(edition, "problems", "甲。", by=place.office, seen=0)
    with pytest.raises(Conflict, match="已被他人修改"):
        writing.write(edition, "problems", "乙。", by=place.second, seen=0)
    assert edition.parts.get(key="problems").text == "甲。"
    assert writing.write(edition, "problems", "甲。", by=place.second, seen=0).version == 1  # the same, nothing lost


@pytest.mark.parametrize(("letters", "refused"), [(3000, False), (3001, True)])
def test_a_text_has_a_limit(place, letters, refused):
    edition = begun(place)
    if refused:
        with pytest.raises(Refused, match="最多 3000 个字，现在 3001 个"):
            writing.write(edition, "problems", "字" * letters, by=place.office, seen=0)
    else:
        assert writing.write(edition, "problems", "字" * letters, by=place.office, seen=0).version == 1


def test_what_is_still_empty_is_named_and_nothing_is_submitted(place):
    edition = begun(place)
    writing.write(edition, "problems", "甲。", by=place.office, seen=0)
    with pytest.raises(Refused, match="还有 1 个必写的部分没有写：下步要求"):
        issuing.submit(edition, by=place.office, seen=edition.version)
    assert Edition.objects.get().state == "draft"


def test_a_draft_under_review_is_not_written_until_it_is_returned(place):
    edition = filled(place, begun(place))
    edition = issuing.submit(edition, by=place.office, seen=edition.version)
    with pytest.raises(Refused, match="不能再改"):
        writing.write(edition, "problems", "乙。", by=place.office, seen=1)
    with pytest.raises(Refused, match="至少 5 个字"):
        issuing.return_(edition, why="不行", by=place.leader, seen=edition.version)
    edition = issuing.return_(edition, why="问题写得太笼统", by=place.leader, seen=edition.version)
    assert (edition.state, edition.returned) == ("draft", "问题写得太笼统")
    assert writing.write(edition, "problems", "乙。", by=place.office, seen=1).version == 2


@pytest.mark.parametrize(
    ("number", "day", "by", "why"),
    [
        (NUMBER, DAY, "office", "自己送审的，须由他人定稿"),
        ("盐人社[2017]23号", DAY, "leader", "发文字号写作"),
        ("盐人社〔2017〕023号", DAY, "leader", "发文字号写作"),
        ("盐人社〔2016〕23号", DAY, "leader", "年份须与成文日期一致"),
        (NUMBER, date(2017, 2, 4), "leader", "不能晚于今天"),
    ],
)
def test_what_may_not_be_made_final(place, number, day, by, why):
    edition = filled(place, begun(place))
    edition = issuing.submit(edition, by=place.office, seen=edition.version)
    ready = edition_files.ready(edition, number, day, seen=edition.version)
    with pytest.raises(Refused, match=why):
        issuing.finalise(edition, ready, by=getattr(place, by))
    assert Edition.objects.get().state == "review"
    assert not Document.objects.filter(edition=edition).exists()


def test_one_number_is_used_once(place):
    finished(place, begun(place))
    other = filled(place, begun(place, "phase"))
    other = issuing.submit(other, by=place.office, seen=other.version)
    with pytest.raises(Refused, match="已用于2015年1月的月度通报"):
        issuing.finalise(other, edition_files.ready(other, NUMBER, DAY, seen=other.version), by=place.leader)


def test_who_looked_at_another_version_does_not_make_it_final(place):
    edition = filled(place, begun(place))
    edition = issuing.submit(edition, by=place.office, seen=edition.version)
    ready = edition_files.ready(edition, NUMBER, DAY, seen=edition.version - 1)
    with pytest.raises(Conflict):
        issuing.finalise(edition, ready, by=place.leader)


def test_a_final_edition_keeps_text_figures_and_files_whatever_comes_later(place):
    edition = finished(place, begun(place))
    word = Document.objects.get(edition=edition, kind="word")
    content = files.content_of(word.file)
    assert hashlib.sha256(content).hexdigest() == word.file.sha256 == edition.files["word"]["sha256"]
    lines = "\n".join(one.text for one in docx.Document(io.BytesIO(content)).paragraphs)
    assert "problems的文字。" in lines
    assert "demands的文字。" in lines
    kept = (edition.manuscript, edition.proof, edition.digest)
    assert kept[2] == hashlib.sha256(f"{kept[0]}\n{kept[1]}".encode()).hexdigest()

    correct(place)
    again = Edition.objects.get(pk=edition.pk)
    assert (again.manuscript, again.proof, again.digest) == kept
    assert manuscript_of(again).document_number == NUMBER
    assert edition_files.standing(again, "word") == word
    told = AuditEvent.objects.get(act="report.finalise").detail
    assert told["digest"] == kept[2]


def test_the_database_itself_refuses_to_change_what_is_final(place):
    edition = finished(place, begun(place))
    acts = [
        lambda: Edition.objects.filter(pk=edition.pk).update(digest="0" * 64),
        lambda: Edition.objects.filter(pk=edition.pk).update(state="draft"),
        lambda: Document.objects.filter(edition=edition).update(digest="0" * 64),
        lambda: Document.objects.filter(edition=edition).delete(),
    ]
    for act in acts:
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert Edition.objects.get().state == "final"


def cause(edition: Edition):
    return edition.parts.get(key="cause/A01")


def test_on_another_release_texts_stay_and_those_whose_figures_moved_are_marked(place):
    edition = begun(place, "evaluation")
    for key in ("cause/A01", "cause/A04", "background"):
        writing.write(edition, key, f"{key}的文字。", by=place.office, seen=0, figures=edition.figures[key])
    edition = editions.rebase(edition, correct(place), by=place.office, seen=edition.version)
    texts = dict(edition.parts.exclude(text="").values_list("key", "moved"))
    assert texts == {"cause/A01": True, "cause/A04": False, "background": False}
    assert cause(edition).text == "cause/A01的文字。"


def test_a_marked_text_is_looked_at_again_before_review(place):
    edition = begun(place, "evaluation")
    edition = filled(place, edition)
    edition = editions.rebase(edition, correct(place), by=place.office, seen=edition.version)
    with pytest.raises(Refused, match="数据已变，没有复核：A01"):
        issuing.submit(edition, by=place.office, seen=edition.version)
    for part in edition.parts.filter(moved=True):
        writing.write(edition, part.key, part.text, by=place.writer, seen=part.version)
    assert cause(edition).version == 1  # the text is the same, nothing was written anew
    assert issuing.submit(edition, by=place.office, seen=edition.version).state == "review"


def test_a_text_saved_from_a_page_that_showed_the_old_figures_is_marked(place):
    edition = begun(place, "evaluation")
    shown = edition.figures["cause/A01"]
    edition = editions.rebase(edition, correct(place), by=place.office, seen=edition.version)
    assert writing.write(edition, "cause/A01", "甲。", by=place.office, seen=0, figures=shown).moved
    assert not writing.write(edition, "cause/A04", "甲。", by=place.office, seen=0).moved


def test_an_edition_stays_within_its_month(place):
    edition = begun(place)
    with pytest.raises(Refused, match="已经是这一版"):
        editions.rebase(edition, place.release, by=place.office, seen=edition.version)
    other = type(place.release)(month=MONTH + 1, county=place.county)
    with pytest.raises(Refused, match="只能换成同一个月"):
        editions.rebase(edition, other, by=place.office, seen=edition.version)


def test_a_text_whose_indicator_is_core_no_more_is_kept(place):
    edition = begun(place, "evaluation")
    writing.write(edition, "cause/A04", "甲。", by=place.office, seen=0)
    type(place.indicators["A04"]).objects.filter(code="A04").update(core=False)
    edition = editions.rebase(edition, correct(place), by=place.office, seen=edition.version)
    assert edition.parts.get(key="cause/A04").text == "甲。"
    assert "甲。" not in str(manuscript_of(edition))


def test_the_next_edition_takes_the_texts_over_and_leaves_the_final_as_it_was(place):
    first = finished(place, begun(place, "evaluation"))
    kept = first.manuscript
    newest = correct(place)
    with pytest.raises(Refused, match="至少 5 个字"):
        editions.revise(first, why="更正", by=place.office)
    second = editions.revise(first, why="东镇更正新增就业", by=place.office)
    assert (second.number, second.release, second.state) == (2, newest, "draft")
    assert (second.document_number, second.reason) == ("", "东镇更正新增就业")
    assert dict(second.parts.values_list("key", "text")) == dict(first.parts.values_list("key", "text"))
    assert set(second.parts.filter(moved=True).values_list("key", flat=True)) == MOVED
    writing.write(second, "cause/A01", "改了。", by=place.office, seen=1)
    first.refresh_from_db()
    assert (first.state, first.manuscript) == ("final", kept)
    assert cause(first).text == "cause/A01的文字。"
    with pytest.raises(Refused, match="第 2 版还没有定稿"):
        editions.revise(first, why="再来一次修订", by=place.office)


def test_without_its_record_nothing_is_written(place, audit_fails):
    with pytest.raises(RuntimeError):
        begun(place)
    assert not Report.objects.exists()
