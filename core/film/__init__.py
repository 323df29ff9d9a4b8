"""What a film is made of: settings, scenes, shots, panels, takes. Frozen data, standard library only (host-safe)."""

from .panel import Panel
from .scene import Scene
from .settings import ProjectSettings
from .shot import DialogueLine, Shot, Transition
from .take import Take

__all__ = ["DialogueLine", "Panel", "ProjectSettings", "Scene", "Shot", "Take", "Transition"]
