"""The face of the package: every name is there and documented, and a start loads little."""

import inspect
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError

import pytest
from support.cli import child_environment
from support.paths import ROOT

import bayesnet
from bayesnet.version import version

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
OBJECTS = [name for name in bayesnet.__all__ if not name.startswith("_")]


@pytest.mark.parametrize("name", bayesnet.__all__)
def test_every_name_of_the_face_is_there(name):
    assert getattr(bayesnet, name)
    assert name in dir(bayesnet)


@pytest.mark.parametrize("name", OBJECTS)
def test_every_name_of_the_face_is_documented_with_its_methods(name):
    found = getattr(bayesnet, name)
    assert (found.__doc__ or "").strip()
    members = vars(found).items() if inspect.isclass(found) else ()
    for member, value in members:
        if inspect.isfunction(value) and not member.startswith("_"):
            assert (value.__doc__ or "").strip(), f"{name}.{member}"


def test_the_names_are_sorted_and_those_loaded_later_are_among_them():
    assert bayesnet.__all__ == sorted(bayesnet.__all__)
    for name in ("Engine", "DiagnosticModel", "Report", "__version__"):
        assert name in bayesnet.__all__
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = bayesnet.nothing


def test_what_the_documented_calls_return_is_in_the_face():
    network = bayesnet.Network((), ())
    engine = network.compile()
    assert type(engine) is bayesnet.Engine
    assert type(engine.marginals()) is bayesnet.Marginals
    assert type(engine.joint([])) is bayesnet.Distribution


def test_the_version_is_the_one_of_the_project_file():
    assert bayesnet.__version__ == version() == PYPROJECT["project"]["version"]


def test_the_version_is_known_installed_or_not(tmp_path, monkeypatch):
    def not_installed(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr("bayesnet.version.installed_version", not_installed)
    assert version() == PYPROJECT["project"]["version"]
    monkeypatch.setattr("bayesnet.version.installed_version", lambda name: f"{name} 9.9")
    monkeypatch.setattr("bayesnet.version.__file__", str(tmp_path / "bayesnet" / "version.py"))
    assert version() == "lbp-infer 9.9"
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "other"\nversion = "1"\n')
    assert version() == "lbp-infer 9.9"


def test_a_start_loads_no_engine_no_diagnosis_and_no_metadata():
    script = (
        "import sys, bayesnet\n"
        "print(sorted(name for name in sys.modules if name.startswith(('bayesnet.diagnosis',"
        " 'bayesnet.engine', 'bayesnet.inference', 'bayesnet.version', 'tomllib', 'msgspec'))))"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, env=child_environment(), timeout=60)
    assert (done.stdout, done.stderr) == (b"[]\n", b"")
