"""What every host program must offer, and what is done through it. Standard library only: imported inside hosts."""

from .flow import Flow
from .port import Capabilities, Forming, Held, HostPort, Place, Tie
from .session import Session

__all__ = ["Capabilities", "Flow", "Forming", "Held", "HostPort", "Place", "Session", "Tie"]
