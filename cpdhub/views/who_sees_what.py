"""Who sees what: the table of permissions in plain words, for everyone to read."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import MEMBER_OF_STAFF, ROLES, Permission, Role, permissions_of

EVERYONE = "Everyone with a post"


@dataclass(frozen=True)
class Right:
    """One permission and who has it: (name of the column, yes or no)."""

    words: str
    who: list[tuple[str, bool]]

    @property
    def holders(self) -> str:
        """The same in few words, for a phone: everyone includes the roles of people on staff."""
        names = [name for name, has in self.who if has]
        if EVERYONE in names:
            names = [name for name in names if name in {EVERYONE, Role.GOVERNOR.label}]
        return ", ".join(names)


def rights() -> list[Right]:
    """Every permission, the most widely held first."""
    holders = [(EVERYONE, MEMBER_OF_STAFF.permissions)] + [
        (role.label, permissions_of([role], is_on_staff=role != Role.GOVERNOR)) for role in Role
    ]
    found = [
        Right(
            words=permission.value[0].upper() + permission.value[1:],
            who=[(str(name), permission in held) for name, held in holders],
        )
        for permission in Permission
    ]
    return sorted(found, key=lambda right: -sum(has for _, has in right.who))


def purposes() -> list[tuple[str, str]]:
    """What each role is for."""
    return [(str(role.label), ROLES[role].purpose) for role in Role]


@require_GET
@requires(Permission.SEE_HOME)
def who_sees_what(request: StaffRequest) -> HttpResponse:
    context = {
        "rights": rights(),
        "columns": [EVERYONE, *(role.label for role in Role)],
        "purposes": purposes(),
        "own_roles": request.staff.role_names,
    }
    return render(request, "cpdhub/school_who_sees_what.html", context)
