"""The recognition schemes CPD Hub ships: `evaluation/data/schemes.json`, in our own words."""

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data" / "schemes.json"


def load(*, scheme_model: Any, stage_model: Any, dimension_model: Any) -> None:
    """Put shipped versions into the database. A version that is there is left as it is.

    Takes its models as arguments because a migration has its own; run by the owner role.
    """
    for data in json.loads(FILE.read_text(encoding="utf-8"))["schemes"]:
        stages, dimensions = data.pop("stages"), data.pop("dimensions")
        scheme, is_new = scheme_model.objects.get_or_create(
            school=None, code=data["code"], version=data["version"], defaults=data
        )
        if is_new:
            for model, rows in ((stage_model, stages), (dimension_model, dimensions)):
                for position, row in enumerate(rows, start=1):
                    model.objects.create(scheme=scheme, position=position, **row)


def load_shipped(apps: Any, _schema_editor: Any) -> None:
    """For a migration."""
    load(
        scheme_model=apps.get_model("evaluation", "RecognitionScheme"),
        stage_model=apps.get_model("evaluation", "SchemeStage"),
        dimension_model=apps.get_model("evaluation", "SchemeDimension"),
    )
