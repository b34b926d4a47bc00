"""Settings of a run: one job."""

from typing import Annotated

import pydantic
import pydantic_settings

from bikes import jobs

Job = Annotated[
    jobs.Generate | jobs.Train | jobs.Evaluate | jobs.Infer,
    pydantic.Field(discriminator="kind"),
]


class Settings(pydantic_settings.BaseSettings):
    """What the config files say, completed by the environment.

    `BIKES_JOB__REGISTRY__TRACKING_URI` sets the tracking URI of configs that have none.
    """

    model_config = pydantic_settings.SettingsConfigDict(
        env_prefix="BIKES_", env_nested_delimiter="__", extra="forbid"
    )

    job: Job
