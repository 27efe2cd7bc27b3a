"""Where things are read and written, counted from this file."""

from pathlib import Path

from bayesnet.model.shipped import models_folder
from bayesnet.tuning.published_cases import FOLDER

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(__file__).resolve().parent / "data"
CASES = models_folder() / FOLDER / "lbp_runner.yaml"
FURTHER_CASES = DATA / "further_cases.yaml"
OUTSIDE = DATA / "outside.yaml"
FAMILIES = DATA / "families.yaml"
CONTRADICTIONS = DATA / "contradictions.yaml"
INTERVIEWS = DATA / "interviews.yaml"
PUBLISHED = DATA / "published.yaml"
MODEL_CARD = DATA / "model_card.yaml"
# Networks of the bnlearn repository, as <name>.bif.gz, when they lie beside the checkout.
NETWORKS = ROOT.parent / "shared" / "networks"


def output_folder() -> Path:
    """Return the checkout's folder `validation`; outside a checkout the working directory."""
    checkout = (ROOT / "pyproject.toml").is_file() and (ROOT / "validation").is_dir()
    return ROOT / "validation" if checkout else Path.cwd()
