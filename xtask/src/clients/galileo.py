"""Every call for experiments that PyPI's `galileo` offers: its functions and classes, and the
generated client below them for what they do not reach."""

import logging
import os

from calls import BASE, ITEMS, KEY, PROJECT, absent, call, expect

os.environ.update(GALILEO_API_URL=BASE, GALILEO_CONSOLE_URL=BASE, GALILEO_API_KEY=KEY)

from galileo import experiments  # noqa: E402 - it reads the environment.
from galileo.config import GalileoPythonConfig  # noqa: E402
from galileo.experiment import Experiment  # noqa: E402
from galileo.experiment_tags import ExperimentTags  # noqa: E402
from galileo.resources.api.experiment import (  # noqa: E402
    experiments_available_columns_projects_project_id_experiments_available_columns_post as columns_api,
    get_experiment_metrics_projects_project_id_experiments_experiment_id_metrics_post as metrics_api,
    get_experiments_metrics_projects_project_id_experiments_metrics_post as all_metrics_api,
    get_metric_settings_projects_project_id_experiments_experiment_id_metric_settings_get as settings_api,
    list_experiments_paginated_projects_project_id_experiments_paginated_get as paginated_api,
    update_experiment_projects_project_id_experiments_experiment_id_put as update_api,
    update_metric_settings_projects_project_id_experiments_experiment_id_metric_settings_patch as patch_api,
)
from galileo.resources.api.experiment_tags import (  # noqa: E402
    get_experiment_tag_projects_project_id_experiments_experiment_id_tags_tag_id_get as tag_api,
    update_tag_for_experiment_projects_project_id_experiments_experiment_id_tags_tag_id_put as update_tag_api,
)
from galileo.resources.models import (  # noqa: E402
    ExperimentMetricsRequest,
    ExperimentUpdateRequest,
    HTTPValidationError,
    MetricSettingsRequest,
    RunTagCreateRequest,
)

logging.disable(logging.WARNING)

ROOT = "/projects/{project_id}/experiments"
ONE = ROOT + "/{experiment_id}"
# What the calls below have made.
made = {}


def client():
    return GalileoPythonConfig.get().api_client


def good(value):
    """What the generated client gives; its errors are values too."""
    expect(value is not None and not isinstance(value, HTTPValidationError), value)
    return value


def listed():
    found = experiments.get_experiments(project_id=PROJECT)
    expect(len({one.id for one in found}) == ITEMS, f"{len(found)} experiments")
    return f"{len(found)} experiments"


def listed_class():
    found = Experiment.list(project_id=PROJECT)
    expect(len({one.id for one in found}) == ITEMS, f"{len(found)} experiments")
    return f"{len(found)} experiments"


def pages():
    ids, token, count = [], 0, 0
    while token is not None:
        found = good(
            paginated_api.sync(PROJECT, client=client(), starting_token=token, limit=20)
        )
        ids += [one.id for one in found.experiments]
        count += 1
        following = found.next_starting_token
        token = following if isinstance(following, int) else None
    expect(len(set(ids)) == ITEMS, f"{len(set(ids))} experiments on {count} pages")
    return f"{len(ids)} experiments on {count} pages"


def search():
    found = experiments.get_experiments(project_id=PROJECT, experiment_group="plumbline")
    return f"{len(found)} experiments"


def create():
    found = experiments.create_experiment(project_id=PROJECT, experiment_name="plumbline one")
    expect(found.name == "plumbline one", found.name)
    made["id"] = found.id
    return "the experiment"


def create_class():
    found = Experiment(name="plumbline two", project_id=PROJECT).create()
    expect(found.name == "plumbline two" and found.is_synced(), found)
    made["object"] = found
    return "the experiment"


def get():
    found = experiments.get_experiment(project_id=PROJECT, experiment_name="plumbline one")
    expect(found is not None and found.id == made["id"], found)
    return "the experiment created"


def get_class():
    found = Experiment.get(name="plumbline two", project_id=PROJECT)
    expect(found is not None and found.id == made["object"].id, found)
    return "the experiment created"


def refresh():
    made["object"].refresh()
    expect(made["object"].is_synced(), made["object"])
    return "the experiment created"


def update():
    body = ExperimentUpdateRequest(name="plumbline uno")
    found = good(update_api.sync(PROJECT, made["id"], client=client(), body=body))
    expect((found.id, found.name) == (made["id"], "plumbline uno"), found)
    return "the experiment, renamed"


def columns():
    found = good(columns_api.sync(PROJECT, client=client()))
    return f"{len(found.columns or [])} columns"


def patch_settings():
    body = MetricSettingsRequest(scorers=[], segment_filters=[])
    good(patch_api.sync(PROJECT, made["id"], client=client(), body=body))
    return "the settings"


def settings():
    good(settings_api.sync(PROJECT, made["id"], client=client()))
    return "the settings"


def set_tag():
    tag = ExperimentTags().upsert_experiment_tag(PROJECT, made["id"], "stage", "draft")
    expect((tag.key, tag.value) == ("stage", "draft"), tag)
    made["tag"] = tag.id
    return "the tag"


def add_tag():
    made["object"].add_tag("stage", "draft")
    return "nothing, as the SDK says"


def tags():
    found = ExperimentTags().get_experiment_tags(PROJECT, made["id"])
    expect(made["tag"] in [tag.id for tag in found], found)
    return f"{len(found)} tags"


def tag():
    found = good(tag_api.sync(PROJECT, made["id"], made["tag"], client=client()))
    expect(found.value == "draft", found)
    return "the tag"


def update_tag():
    body = RunTagCreateRequest(key="stage", value="final", tag_type="generic")
    found = good(
        update_tag_api.sync(PROJECT, made["id"], made["tag"], client=client(), body=body)
    )
    expect(found.value == "final", found)
    return "the tag, changed"


def delete_tag():
    found = ExperimentTags().delete_experiment_tag(PROJECT, made["id"], made["tag"])
    expect(found["tag_id"] == made["tag"], found)
    return "a message"


def metrics():
    body = ExperimentMetricsRequest(filters=[])
    found = good(metrics_api.sync(PROJECT, made["id"], client=client(), body=body))
    return f"{len(found.metrics or [])} metrics"


def all_metrics():
    body = ExperimentMetricsRequest(filters=[])
    found = good(all_metrics_api.sync(PROJECT, client=client(), body=body))
    return f"{len(found.metrics or [])} metrics"


def delete():
    made["object"].delete()
    found = Experiment.get(name="plumbline two", project_id=PROJECT)
    expect(found is None, found)
    return "it is gone from the list"


call("get_experiments", f"GET {ROOT}", listed)
call("Experiment.list", f"GET {ROOT}", listed_class)
call("list_experiments_paginated, pages of 20", f"GET {ROOT}/paginated", pages)
call("get_experiments(experiment_group)", f"POST {ROOT}/search", search)
call("create_experiment", f"POST {ROOT}", create)
call("Experiment.create", f"POST {ROOT}", create_class)
call("get_experiment, out of the list", f"GET {ROOT}", get)
call("Experiment.get, out of the list", f"GET {ROOT}", get_class)
call("Experiment.refresh", f"GET {ONE}", refresh)
call("update_experiment", f"PUT {ONE}", update)
call("experiments_available_columns", f"POST {ROOT}/available_columns", columns)
call("update_metric_settings", f"PATCH {ONE}/metric_settings", patch_settings)
call("get_metric_settings", f"GET {ONE}/metric_settings", settings)
call("ExperimentTags.upsert_experiment_tag", f"POST {ONE}/tags", set_tag)
call("Experiment.add_tag", f"POST {ONE}/tags", add_tag)
call("ExperimentTags.get_experiment_tags", f"GET {ONE}/tags", tags)
call("get_experiment_tag", f"GET {ONE}/tags/{{tag_id}}", tag)
call("update_tag_for_experiment", f"PUT {ONE}/tags/{{tag_id}}", update_tag)
call("ExperimentTags.delete_experiment_tag", f"DELETE {ONE}/tags/{{tag_id}}", delete_tag)
call("get_experiment_metrics", f"POST {ONE}/metrics", metrics)
call("get_experiments_metrics", f"POST {ROOT}/metrics", all_metrics)
call("Experiment.delete", f"DELETE {ONE}", delete)
absent("Experiment.update", f"PUT {ONE}", Experiment, "update")
absent("experiments.search_experiments", f"POST {ROOT}/search", experiments, "search_experiments")
absent("ExperimentTags.get_experiment_tag", f"GET {ONE}/tags/{{tag_id}}", ExperimentTags, "get_experiment_tag")
