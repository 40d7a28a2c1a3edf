"""Which titles somebody may be shown.

A title tells of what it stands above. So whoever gets into the admin is shown the title of a page
that they may open there, or that every reader may open; of an image, a document or a row of the
host's own when they may work with it. Whatever names one of these in the admin, in an export or
in a mail asks here, and leaves out what it gets no title for: in lists, and in counts.

The rows of the registry have no drafts and are public: their names are for everybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet
from modelcluster.fields import ParentalKey
from wagtail.models import CollectionMember, Site, WorkflowState
from wagtail.permission_policies.pages import PagePermissionPolicy

from wagtail_regional.compat import get_collection_policy, get_page_model
from wagtail_regional.models import RegistryEntry

#: What somebody does with an image or a document, where they see its title.
_COLLECTION_ACTIONS = ("change", "delete", "choose")
_MODEL_ACTIONS = ("view", "add", "change", "delete", "publish")

#: The attribute under which a user remembers, as for Wagtail's own policies.
_REMEMBERED = "_wagtail_regional_titles"


def titles_for(user: Any) -> Titles:
    """What `user` may see of titles. Asked once for as long as this object of them lives, which
    is one request."""
    found: Titles | None = user.__dict__.get(_REMEMBERED)
    if found is None:
        found = user.__dict__[_REMEMBERED] = Titles(user)
    return found


def reader_title(page: Any) -> str | None:
    """The title of a page as readers have it; None when they may not open the page."""
    return _titles_of_readers([page.pk]).get(page.pk)


class Titles:
    """The titles that one user may see, asked of the database for many at once.

    Args:
        user: who they are for. None is whoever runs the site's commands: they have the database.
    """

    def __init__(self, user: Any) -> None:
        self.user = user
        self._all = user is None or bool(user.is_active and user.is_superuser)
        #: The keys asked for, and those of them that may be opened, by base model.
        self._asked: dict[type[Model], set[Any]] = {}
        self._open: dict[type[Model], set[Any]] = {}
        #: Titles of pages that are for every reader.
        self._public: dict[Any, str] = {}

    @property
    def sees_all(self) -> bool:
        """Whether there is nothing that they may not open."""
        return self._all

    # --- What may be seen ---

    def load(self, model: type[Model], keys: Iterable[Any]) -> None:
        """Ask for several at once. Whatever asks for one at a time afterwards costs nothing."""
        base = _base(model)
        if self._all or not _is_restricted(base):
            return
        asked = self._asked.setdefault(base, set())
        new = set(keys) - asked
        if not new:
            return
        asked |= new
        is_page = issubclass(base, get_page_model())
        opened = self._open.setdefault(base, set())
        new_keys = sorted(new)
        for start in range(0, len(new_keys), 500):
            some = new_keys[start : start + 500]
            found = self._openable(base).filter(pk__in=some)
            opened.update(found.values_list("pk", flat=True))
            if is_page and (rest := set(some) - opened):
                opened |= self._to_be_approved(rest)
                self._public |= _titles_of_readers(rest - opened)

    def may_open(self, model: type[Model], key: Any) -> bool:
        """Whether the user may open it in the admin."""
        base = _base(model)
        if self._all:
            return True
        if not _is_restricted(base):
            return self._may_see_model(base)
        self.load(base, [key])
        return key in self._open[base]

    def is_public(self, model: type[Model], key: Any) -> bool:
        """Whether it is a page that is open to every reader, for a user who may not open it in
        the admin."""
        return not self.may_open(model, key) and key in self._public

    def title(self, model: type[Model], key: Any, own: str) -> str | None:
        """What something may be called before the user; None where it may not be named.

        Args:
            own: its title for whoever may open it: perhaps that of a draft.
        """
        if self.may_open(model, key):
            return own
        return self._public.get(key) if issubclass(model, get_page_model()) else None

    def title_of(self, row: Any) -> str | None:
        """The same, of something at hand."""
        is_page = isinstance(row, get_page_model())
        own = row.get_admin_display_title() if is_page else str(row)
        return self.title(type(row), row.pk, own)

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of `rows`, of any model but pages, that may be named."""
        model = rows.model
        if self._all:
            return rows
        if _is_restricted(_base(model)):
            return rows.filter(pk__in=self._openable(model).values("pk"))
        return rows if self._may_see_model(model) else rows.none()

    # --- Who may open what ---

    def _may_see_model(self, model: type[Model]) -> bool:
        """Whether all rows of a model may be named, where it is decided for all of them."""
        owner = _owner_of(model)
        if issubclass(owner, (RegistryEntry, Site)) or _is_ours(owner):
            return True
        opts = owner._meta
        return any(
            self.user.has_perm(f"{opts.app_label}.{action}_{opts.model_name}")
            for action in _MODEL_ACTIONS
        )

    def _openable(self, model: type[Model]) -> Any:
        if issubclass(model, get_page_model()):
            policy: Any = PagePermissionPolicy()
            return policy.instances_user_has_permission_for(self.user, "change")
        policy = get_collection_policy(model)
        return policy.instances_user_has_any_permission_for(self.user, _COLLECTION_ACTIONS)

    def _to_be_approved(self, keys: set[Any]) -> set[Any]:
        """Pages that the user may open since their approval is asked for."""
        if not self.user.is_active:
            return set()
        states = WorkflowState.objects.active().filter(
            base_content_type=ContentType.objects.get_for_model(get_page_model()),
            object_id__in=[str(key) for key in keys],
        )
        found = set()
        for state in states.select_related("current_task_state__task"):
            current = state.current_task_state
            if current is not None:
                task, page = current.task.specific, state.content_object
                if task.user_can_access_editor(page, self.user):
                    found.add(page.pk)
        return found


def _base(model: type[Model]) -> type[Model]:
    return get_page_model() if issubclass(model, get_page_model()) else model


def _is_restricted(base: type[Model]) -> bool:
    """Whether it is decided for each single one."""
    return issubclass(base, (get_page_model(), CollectionMember))


def _is_ours(model: type[Model]) -> bool:
    return model._meta.app_label == RegistryEntry._meta.app_label


def _owner_of(model: type[Model]) -> type[Model]:
    """What a part belongs to; the model itself where it is no part."""
    owners = (f.related_model for f in model._meta.get_fields() if isinstance(f, ParentalKey))
    owner: type[Model] = next(owners, model)
    return owner


def _titles_of_readers(keys: Iterable[Any]) -> dict[Any, str]:
    """The titles of those of these pages that any reader may open, as readers have them."""
    from wagtail_regional.visibility import public_pages

    pages = get_page_model().objects
    # Where sites begin, in every language.
    begin = pages.filter(translation_key__in=Site.objects.values("root_page__translation_key"))
    served = Q(pk__in=())
    for path in begin.order_by().values_list("path", flat=True):
        served |= Q(path__startswith=path)
    pages = public_pages(pages.filter(served, pk__in=list(keys)))
    return dict(pages.order_by().values_list("pk", "title"))
