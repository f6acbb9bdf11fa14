"""Every call for experiments that PyPI's `opik` offers: its REST client, and the layer above it."""

import json
import logging

from calls import BASE, ITEMS, KEY, absent, call, expect
from opik import Opik, id_helpers
from opik.api_objects import rest_stream_parser
from opik.rest_api.types import (
    ExperimentItem,
    ExperimentItemBulkRecordExperimentItemBulkWriteView,
    ExperimentPublic,
    ExperimentUpdate,
    Message,
    PromptVariant,
)
from opik.rest_api.types.experiment_item_compare import ExperimentItemCompare

logging.disable(logging.WARNING)

ROOT = "/v1/private/experiments"
opik = Opik(host=BASE, api_key=KEY, workspace="acceptance", _show_misconfiguration_message=False)
rest = opik.rest_client.experiments

# The experiments and the item that the calls below are about.
mine, other = id_helpers.generate_id(), id_helpers.generate_id()
item = id_helpers.generate_id()


def pages():
    ids, page = [], 1
    while True:
        found = rest.find_experiments(page=page, size=20)
        expect(found.total == ITEMS, f"a total of {found.total}")
        if not found.content:
            break
        expect(found.page == page, f"page {found.page} for {page}")
        ids += [experiment.id for experiment in found.content]
        page += 1
    expect(len(set(ids)) == ITEMS, f"{len(set(ids))} experiments on {page - 1} pages")
    return f"{len(ids)} experiments on {page - 1} pages"


def ordered():
    sorting = json.dumps([{"field": "created_at", "direction": "ASC"}])
    found = rest.find_experiments(size=ITEMS, sorting=sorting, types=json.dumps(["regular"]))
    dates = [experiment.created_at for experiment in found.content]
    expect(dates == sorted(dates), "the dates are not in order")
    return f"{len(dates)} experiments in order"


def sortable():
    found = rest.find_experiments(size=1)
    expect(isinstance(found.sortable_by, list), f"sortable_by is {found.sortable_by}")
    return f"{len(found.sortable_by)} fields"


def by_name():
    found = rest.find_experiments(name="plumbline")
    expect([one.id for one in found.content] == [mine], f"{found.total} experiments")
    return "1 experiment"


def by_ids():
    found = rest.find_experiments(experiment_ids=json.dumps([mine]))
    expect([one.id for one in found.content] == [mine], f"{found.total} experiments")
    return "1 experiment"


def create():
    rest.create_experiment(
        id=mine,
        dataset_name="capitals",
        name="plumbline one",
        metadata={"model": "m-1", "depth": [1, {"two": None}]},
        tags=["first"],
        type="regular",
    )
    return "nothing, as documented"


def create_above():
    made = opik.create_experiment("capitals", name="plum two", experiment_id=other, tags=["second"])
    expect(made.id == other, made.id)
    return "an experiment"


def get():
    found = rest.get_experiment_by_id(mine)
    expect(found.name == "plumbline one", found.name)
    expect(found.metadata["model"] == "m-1", found.metadata)
    expect(found.tags == ["first"], found.tags)
    return "the experiment created"


def get_above():
    found = opik.get_experiment_by_id(other)
    expect((found.name, found.tags) == ("plum two", ["second"]), (found.name, found.tags))
    return "the experiment created"


def update():
    rest.update_experiment(mine, name="plumbline uno", tags=["changed"])
    found = rest.get_experiment_by_id(mine)
    expect((found.name, found.tags) == ("plumbline uno", ["changed"]), (found.name, found.tags))
    return "the change is read back"


def update_above():
    opik.update_experiment(other, name="plum due", experiment_config={"model": "m-2"})
    found = rest.get_experiment_by_id(other)
    expect((found.name, found.metadata) == ("plum due", {"model": "m-2"}), found)
    return "the change is read back"


def batch():
    rest.batch_update_experiments(ids=[mine, other], update=ExperimentUpdate(tags=["batch"]))
    tags = [rest.get_experiment_by_id(one).tags for one in (mine, other)]
    expect(tags == [["batch"], ["batch"]], tags)
    return "the change is read back"


def stream():
    found = rest_stream_parser.read_and_parse_full_stream(
        read_source=lambda size, last: rest.stream_experiments(
            name="router", limit=size, last_retrieved_id=last
        ),
        parsed_item_class=ExperimentPublic,
        max_results=None,
        max_endpoint_batch_size=3,
        strict=True,
    )
    names = [one.name for one in rest.find_experiments(size=ITEMS).content]
    streamed = [one.name for one in found]
    expect(streamed == [name for name in names if "router" in name], streamed)
    return f"{len(found)} experiments, 3 at a time"


def stream_above():
    found = opik.get_experiments_by_name("plum")
    expect({one.id for one in found} >= {mine, other}, [one.name for one in found])
    return f"{len(found)} experiments"


def stream_items():
    found = rest_stream_parser.read_and_parse_full_stream(
        read_source=lambda size, last: rest.stream_experiment_items(
            experiment_name="plumbline uno", limit=size, last_retrieved_id=last
        ),
        parsed_item_class=ExperimentItemCompare,
        max_results=None,
        strict=True,
    )
    expect(found, "no items")
    return f"{len(found)} items"


def create_items():
    rest.create_experiment_items(
        experiment_items=[
            ExperimentItem(
                id=item,
                experiment_id=mine,
                dataset_item_id=id_helpers.generate_id(),
                trace_id=id_helpers.generate_id(),
            )
        ]
    )
    return "nothing, as documented"


def get_item():
    found = rest.get_experiment_item_by_id(item)
    expect((found.id, found.experiment_id) == (item, mine), found)
    return "the item created"


def delete_items():
    rest.delete_experiment_items(ids=[item])
    return "nothing, as documented"


def bulk():
    record = ExperimentItemBulkRecordExperimentItemBulkWriteView(
        dataset_item_id=id_helpers.generate_id(), evaluate_task_result={"answer": "Paris"}
    )
    rest.experiment_items_bulk(
        experiment_name="plumbline uno", dataset_name="capitals", items=[record]
    )
    return "nothing, as documented"


def execute():
    prompt = PromptVariant(model="m-1", messages=[Message(role="user", content={"text": "hello"})])
    found = rest.execute_experiment(
        dataset_name="capitals", dataset_id=id_helpers.generate_id(), prompts=[prompt]
    )
    return f"{len(found.experiments or [])} experiments, {found.total_items} items"


def finish():
    rest.finish_experiments(ids=[mine])
    return "nothing, as documented"


def score_names():
    found = rest.find_feedback_score_names(experiment_ids=json.dumps([mine]))
    return f"{len(found.scores or [])} names"


def groups():
    by = json.dumps([{"field": "dataset_id"}])
    return f"{len(rest.find_experiment_groups(groups=by).content or {})} groups"


def aggregations():
    by = json.dumps([{"field": "metadata", "key": "model", "type": "dictionary"}])
    found = rest.find_experiment_groups_aggregations(groups=by)
    return f"{len(found.content or {})} groups"


def delete():
    rest.delete_experiments_by_id(ids=[mine, other])
    found = rest.find_experiments(name="plumbline uno")
    expect(found.total == 0, f"{found.total} are left")
    return "it is gone from the list"


call("find_experiments, pages of 20", f"GET {ROOT}", pages)
call("find_experiments: sortable_by", f"GET {ROOT}", sortable)
call("find_experiments(sorting, types)", f"GET {ROOT}", ordered)
call("create_experiment", f"POST {ROOT}", create)
call("Opik.create_experiment", f"POST {ROOT}", create_above)
call("find_experiments(name)", f"GET {ROOT}", by_name)
call("find_experiments(experiment_ids)", f"GET {ROOT}", by_ids)
call("get_experiment_by_id", f"GET {ROOT}/{{id}}", get)
call("Opik.get_experiment_by_id", f"GET {ROOT}/{{id}}", get_above)
call("update_experiment", f"PATCH {ROOT}/{{id}}", update)
call("Opik.update_experiment", f"PATCH {ROOT}/{{id}}", update_above)
call("batch_update_experiments", f"PATCH {ROOT}/batch", batch)
call("stream_experiments", f"POST {ROOT}/stream", stream)
call("Opik.get_experiments_by_name", f"POST {ROOT}/stream", stream_above)
call("create_experiment_items", f"POST {ROOT}/items", create_items)
call("get_experiment_item_by_id", f"GET {ROOT}/items/{{id}}", get_item)
call("stream_experiment_items", f"POST {ROOT}/items/stream", stream_items)
call("delete_experiment_items", f"POST {ROOT}/items/delete", delete_items)
call("experiment_items_bulk", f"PUT {ROOT}/items/bulk", bulk)
call("execute_experiment", f"POST {ROOT}/execute", execute)
call("finish_experiments", f"POST {ROOT}/finish", finish)
call("find_feedback_score_names", f"GET {ROOT}/feedback-scores/names", score_names)
call("find_experiment_groups", f"GET {ROOT}/groups", groups)
call("find_experiment_groups_aggregations", f"GET {ROOT}/groups/aggregations", aggregations)
call("delete_experiments_by_id", f"POST {ROOT}/delete", delete)
absent("Opik.find_experiments", f"GET {ROOT}", opik, "find_experiments")
absent("Opik.delete_experiment", f"POST {ROOT}/delete", opik, "delete_experiment")
