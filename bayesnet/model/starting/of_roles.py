"""Write the model file of a network with diagnostic roles, and put the network beside it."""

import os
from pathlib import Path

from bayesnet.errors import BayesnetError, ModelFileError
from bayesnet.model.networks.file_of_model import NetworkFile
from bayesnet.model.starting.new_file import write_new


def import_network(file: Path, out: Path, title: str = "") -> None:
    """Write a model file that names a network, with its roles, to be edited further.

    The network is copied into the folder of the model file, unless it is there. Raises
    ModelFileError that lists what is wrong with the roles, BayesnetError for a file that is there
    already or cannot be written.
    """
    text, problems = NetworkFile(file).as_model(title or file.name.partition(".")[0])
    if problems:
        raise ModelFileError([str(each) for each in problems])
    beside = out.parent / file.name
    content, there = file.read_bytes(), os.path.lexists(beside)
    if there and beside.read_bytes() != content:
        raise BayesnetError(f"'{beside}' is there already, with other content; rename one of them")
    write_new(out, text)
    if not there:
        try:
            beside.write_bytes(content)
        except OSError as error:
            raise BayesnetError(f"'{beside}' cannot be written ({error.strerror})") from None
