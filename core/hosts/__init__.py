"""What every host program must offer, and what is done through it. Standard library only: imported inside hosts."""

from .flow import Flow
from .port import Capabilities, Held, HostPort, Place, Tie
from .session import Session

__all__ = ["Capabilities", "Flow", "Held", "HostPort", "Place", "Session", "Tie"]
