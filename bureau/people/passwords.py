"""The password policy (密码规则) and its acts: what is accepted, changing one's own, resetting another's.

Each rule is a Django password validator whose message names the rule; settings.AUTH_PASSWORD_VALIDATORS lists them.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from bureau import audit, clock
from bureau.models import UsedPassword, User
from bureau.people import guessable, tokens

SHORTEST, LONGEST, KEPT = 10, 128, 5
ONE_TIME_LIFE = timedelta(hours=24)
# What everybody here would guess first: the county, the bureau, the system, in characters and in pinyin.
LOCAL_WORDS = tuple(
    "海盐 人社 人力社保 人力资源 社会保障 社保 就业 均等化 试点 监测 "
    "haiyan renshe renli shebao jiuye junden shidian jiance yanjun jiaxing 314300 "
    "wuyuan xitangqiao yuantong qinshan shendang baibu yucheng ganpu tongyuan".split()
)
_ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without what looks alike


class Length:
    """10 to 128 characters."""

    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) < SHORTEST:
            raise ValidationError(_("密码至少 %(n)d 个字符，现在是 %(m)d 个。") % {"n": SHORTEST, "m": len(password)})
        if len(password) > LONGEST:
            raise ValidationError(_("密码最多 %(n)d 个字符，现在是 %(m)d 个。") % {"n": LONGEST, "m": len(password)})

    def get_help_text(self) -> str:
        return _("%(n)d 至 %(m)d 个字符。") % {"n": SHORTEST, "m": LONGEST}


class Classes:
    """At least three of small letters, capitals, digits, other signs (Chinese characters are other signs)."""

    def validate(self, password: str, user: User | None = None) -> None:
        if classes_in(password) < 3:
            raise ValidationError(_("大写字母、小写字母、数字、其他符号四类中至少要有三类。"))

    def get_help_text(self) -> str:
        return _("大写字母、小写字母、数字、其他符号四类中至少有三类。")


class NotAboutUs:
    """Without the county's, the bureau's or the system's words, nor the account's or its owner's name."""

    def validate(self, password: str, user: User | None = None) -> None:
        text = guessable.plain(password)
        texts = (text, guessable.unleet(text))
        for word in (*LOCAL_WORDS, *_own_words(user)):
            if any(word in one for one in texts):
                text = _("密码不能含“%(word)s”：账号、姓名、单位和本县、本局、本系统的名称都容易猜到。")
                raise ValidationError(text % {"word": word})

    def get_help_text(self) -> str:
        return _("不含账号、姓名、单位，也不含海盐、人社等名称及其拼音。")


class NotGuessable:
    """Not a common password, nor made of words, keyboard runs, dates and repeats only."""

    def validate(self, password: str, user: User | None = None) -> None:
        if guessable.is_guessable(password):
            raise ValidationError(_("密码太容易猜：多由常用词、姓名拼音、连续键、日期或重复字符拼成。"))

    def get_help_text(self) -> str:
        return _("不用常用词、姓名拼音、连续键、日期或重复字符拼成。")


class NotUsedBefore:
    """Not the present password, nor one of the last five."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None or user.pk is None:
            return
        hashes = [user.password, *user.used_passwords.values_list("password", flat=True)[:KEPT]]
        if any(check_password(password, one) for one in dict.fromkeys(hashes)):
            raise ValidationError(_("不能与最近 %(n)d 次用过的密码相同。") % {"n": KEPT})

    def get_help_text(self) -> str:
        return _("不与最近 %(n)d 次用过的相同。") % {"n": KEPT}


def classes_in(password: str) -> int:
    """How many of the four classes of characters it uses."""
    tests = (
        lambda c: c.isascii() and c.islower(),
        lambda c: c.isascii() and c.isupper(),
        lambda c: c.isascii() and c.isdigit(),
        lambda c: not (c.isascii() and c.isalnum()),
    )
    return sum(any(test(character) for character in password) for test in tests)


def _own_words(user: User | None) -> list[str]:
    if user is None:
        return []
    words = guessable.plain(user.username).replace("_", ".").replace("-", ".").split(".")
    words += [guessable.plain(user.username), guessable.plain(user.display_name), guessable.plain(user.unit)]
    return [word for word in words if len(word) >= (3 if word.isascii() else 2)]


def must_change(user: User) -> str:
    """Why the password has to be changed before anything else; '' where it has not."""
    if user.must_change_password:
        return _("这是一次性密码，先改成自己的密码，再继续。")
    changed, limit = user.password_changed_at, settings.PASSWORD_MAX_AGE
    if limit and changed and clock.now() - changed > limit:
        return _("密码已用满 %(n)d 天，先改密码，再继续。") % {"n": limit.days}
    return ""


@transaction.atomic
def change(user: User, password: str) -> None:
    """Set one's own new password, already found good; all his other sessions end."""
    _set(user, password)
    user.must_change_password, user.one_time_until = False, None
    user.save()
    audit.record("password.change", by=user, object=user.username)


@transaction.atomic
def reset(user: User, *, by: User | None, act: str = "password.reset") -> str:
    """Give a random one-time password, good for a day and to be changed at once; returned here and kept nowhere."""
    password = "-".join("".join(secrets.choice(_ALPHABET) for place in range(4)) for group in range(4))
    _set(user, password)
    user.must_change_password, user.one_time_until = True, clock.now() + ONE_TIME_LIFE
    user.sitting = ""
    user.save()
    detail = {"until": user.one_time_until.isoformat(), "tokens_revoked": tokens.revoke_all(user)}
    audit.record(act, by=by, object=user.username, detail=detail)
    return password


def _set(user: User, password: str) -> None:
    """The new hash, with the old one remembered; the last five are kept."""
    if user.has_usable_password():
        UsedPassword.objects.create(user=user, password=user.password, at=clock.now())
    old = user.used_passwords.values_list("pk", flat=True)[KEPT:]
    UsedPassword.objects.filter(pk__in=list(old)).delete()
    user.set_password(password)
    user.password_changed_at = clock.now()
