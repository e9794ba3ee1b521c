"""The first three administrators of an installation, and a way back in for one who lost his password.

Only at the server's console: there is nobody yet, or nobody else, who could do it on a page.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from bureau import audit
from bureau.models import Grant, User
from bureau.models.people import ADMINISTRATORS
from bureau.people import passwords
from bureau.people.rules import Refused, kind_of

Role = Grant.Role
ROLES_BY_OPTION = {
    "system": Role.SYSTEM_ADMINISTRATOR,
    "security": Role.SECURITY_ADMINISTRATOR,
    "auditor": Role.AUDITOR,
}


@transaction.atomic
def create(people: dict[str, tuple[str, str]], unit: str) -> dict[str, str]:
    """Make them: option → (account, name) gives account → one-time password. Refused where administrators exist."""
    if Grant.objects.filter(role__in=ADMINISTRATORS).exists():
        raise Refused(_("已经有管理员了：其他账号由他们在网页上建。"))
    if len({account for account, _name in people.values()}) != len(people):
        raise Refused(_("三个管理员须是三个账号。"))
    found = {}
    for option, (account, name) in people.items():
        if User.objects.filter(username=account).exists():
            raise Refused(_("账号“%(name)s”已经有了，请另起一个。") % {"name": account})
        user = User.objects.create(username=account, display_name=name, unit=unit)
        Grant.objects.create(user=user, role=ROLES_BY_OPTION[option])
        audit.record("account.first", by=None, object=account, detail={"role": ROLES_BY_OPTION[option]})
        found[account] = passwords.reset(user, by=None)
    return found


@transaction.atomic
def again(account: str) -> str:
    """A new one-time password for an administrator, and no lock on him."""
    user = User.objects.select_for_update().filter(username=account).first()
    if user is None or kind_of(user) not in ADMINISTRATORS:
        raise Refused(_("“%(name)s”不是管理员账号；其他账号由系统管理员在网页上重置。") % {"name": account})
    if not user.is_active:
        raise Refused(_("账号已停用。"))
    return passwords.reset(user, by=None)
