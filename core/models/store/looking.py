"""What getting a model means, before anything is fetched: which files, how much, under which licence."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from ...errors import InputError, NotFoundError, RefusedError
from .. import catalogue
from . import hub, licences
from .hub import HubFile, Repository
from .offers import Offer, offers
from .soundness import INDEX, components_of, has_weights
from .vault import Manifest, Vault

# Names that can lie nowhere but in their folder, on any system.
_TEXTS = re.compile(r"\w[\w.-]*\.txt")
_SETTINGS = re.compile(r"[\w-]+\.(json|txt|model)")
# The names that diffusers and transformers look for, without a variant (“fp16”), which they would have to be asked for.
_WEIGHTS = re.compile(r"(diffusion_pytorch_)?model(-\d{5}-of-\d{5})?\.safetensors(\.index\.json)?")


def already_here(state: Path, wanted: str, name: str | None = None) -> dict[str, Any] | None:
    """The row of a model that was got before, by what `look` takes; None where it was not. Raises InputError."""
    _, repository, chosen = _meant(wanted, name)
    found = Vault(state).manifest(chosen)
    if found is None or found.repository != repository or chosen not in catalogue.registered(state):
        return None
    return catalogue.row_of(state, chosen)


def look(state: Path, wanted: str, name: str | None = None) -> Manifest:
    """The files that a model is made of, by its name on offer or its repository `owner/name`.

    One on its way is taken up at the commit at which it began. Raises NotFoundError, RefusedError (offline, gated, a
    name in use), NetworkError; InputError where the repository is no pipeline with safetensors weights.
    """
    offer, repository, chosen = _meant(wanted, name)
    if offer is None and not hub.is_repository(wanted):
        raise NotFoundError(
            f"There is no model “{wanted[:80]}” to get.", "See: shotwright models. Or give a repository: owner/name."
        )
    catalogue.check_name(state, chosen)
    hub.refuse_offline()
    begun = Vault(state).manifest(chosen)
    if begun is not None:
        if begun.repository != repository:
            raise RefusedError(
                f"“{chosen}” is {begun.repository} already.", f"Choose a --name, or: shotwright models rm {chosen}"
            )
        return begun
    found = hub.describe(repository, offer.revision if offer else "main")
    licence = offer.licence if offer else licences.of_card(found.licence, found.licence_link, repository)
    return Manifest(chosen, repository, found.commit, licence, _wanted(found), offer.name if offer else "")


def _meant(wanted: str, name: str | None) -> tuple[Offer | None, str, str]:
    """The offer that words mean, if one; the repository, and what the model is to be called."""
    offer = offers().get(wanted)
    repository = offer.checkpoint.repository if offer else wanted
    return offer, repository, name or (offer.name if offer else repository.rpartition("/")[2])


def _wanted(repository: Repository) -> tuple[HubFile, ...]:
    """The files of a pipeline's components: settings, words, and weights in safetensors; nothing that can hold code."""
    if INDEX not in {file.path for file in repository.files}:
        raise InputError(
            f"{repository.name} is no diffusers pipeline: it has no {INDEX}.",
            "Look for a repository of the same model in diffusers' layout; their names often end in -Diffusers.",
        )
    url = hub.file_url(repository.name, repository.commit, INDEX)
    try:
        parts = components_of(json.loads(hub.read_whole(url, repository.name)))
    except (ValueError, AttributeError):
        raise InputError(f"{INDEX} of {repository.name} is broken.", "Tell its makers, or choose another.") from None
    chosen = [file for file in repository.files if _is_wanted(file.path, parts)]
    weighed = {file.path.split("/")[0] for file in chosen if file.path.endswith(".safetensors")}
    lacking = [part for part, kind in parts.items() if has_weights(kind) and part not in weighed]
    if lacking:
        raise InputError(
            f"{repository.name} has no safetensors weights for its {lacking[0]}.",
            "Pickled weights could run code and are never fetched; look for a repository with safetensors.",
        )
    return tuple(chosen)


def _is_wanted(path: str, parts: dict[str, str]) -> bool:
    part, _, name = path.rpartition("/")
    if not part:
        return name == INDEX or bool(_TEXTS.fullmatch(name))  # the licence's text, where it is one
    return part in parts and bool(_SETTINGS.fullmatch(name) or _WEIGHTS.fullmatch(name))
