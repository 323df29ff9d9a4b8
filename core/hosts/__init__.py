"""What every host program must offer, and what is done through it. Standard library only: imported inside hosts."""

from .port import Capabilities, HostPort, Tie
from .session import Flow, Session

__all__ = ["Capabilities", "Flow", "HostPort", "Session", "Tie"]
