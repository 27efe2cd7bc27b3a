"""Where the checkout is, counted from this file."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "models"
# Networks of the bnlearn repository, as <name>.bif.gz, when they lie beside the checkout.
NETWORKS = ROOT.parent / "shared" / "networks"
