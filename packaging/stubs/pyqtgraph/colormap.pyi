import numpy as np
import numpy.typing as npt

class ColorMap:
    def getLookupTable(self, start: float = 0.0, stop: float = 1.0, nPts: int = 512) -> npt.NDArray[np.uint8]: ...

def get(name: str) -> ColorMap: ...
