//! What the vendors' servers do that no document says, as data.
//!
//! It is in force only where a server is told that its document is the vendor's own. Everything else
//! about a vendor stands in its document and overlay.

use super::refuse::{Complaint, Matter};
use crate::Vendor;
use serde_json::{Value, json};

/// How identifiers without a format look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ids {
    /// `experiment-12`.
    Readable,
    /// A GraphQL global id: base64 of `Experiment:12`.
    Global,
    /// `12`.
    Number,
}

/// What is particular to a vendor's server.
#[derive(Debug)]
pub(super) struct Particulars {
    /// The vendor's name, as [`VENDORS`](crate::VENDORS) has it.
    name: &'static str,
    /// Members without a value are left out instead of being null, and a null that is sent counts
    /// as left out.
    pub(super) omits_null: bool,
    /// The version of the UUIDs that it makes.
    pub(super) uuid: u8,
    /// How it writes ids that are strings without a format.
    pub(super) ids: Ids,
    /// Members that its SDKs do not accept as null or absent.
    pub(super) always: &'static [&'static str],
    /// Members that always are and have these values, as JSON: its SDKs decode no other, or its
    /// lists obey no other.
    fixed: &'static [(&'static str, &'static str)],
    /// Text in the query or path that is not of its type, where that is answered otherwise.
    unreadable: Option<u16>,
    /// The status that it prefers for what its schemas do not allow.
    bad: [u16; 2],
    /// Routes that its SDKs call before any documented one.
    pub(super) extra: &'static [Extra],
    /// What it refuses though its schemas allow it.
    pub(super) demands: &'static [Demand],
    /// Creations that bring along items of another collection.
    pub(super) columns: &'static [Columns],
    /// What an item of a collection looks like, where that is not as its schema alone would
    /// have it.
    pub(super) items: &'static [(&'static str, Make)],
}

/// Makes an item by when it was created, in milliseconds since 1970.
pub(super) type Make = fn(i64) -> Value;

/// What a server demands of a body beyond its schema.
#[derive(Debug)]
pub(super) struct Demand {
    /// The operation's label.
    pub(super) operation: &'static str,
    /// Whether a body does not meet it.
    pub(super) broken: fn(&Value) -> bool,
    /// The status of the refusal.
    pub(super) status: u16,
    /// What the refusal says.
    pub(super) message: &'static str,
}

/// A body that holds the items of another collection in columns: lists of which each has one
/// value for each item. The items belong to what the operation creates.
#[derive(Debug)]
pub(super) struct Columns {
    /// The operation's label.
    pub(super) operation: &'static str,
    /// The collection that the items join.
    pub(super) collection: &'static str,
    /// The columns, and the member of an item that each becomes; the first says how many.
    pub(super) members: &'static [(&'static str, &'static str)],
    /// The member of what is created that counts them.
    pub(super) counted: &'static str,
    /// Where the answer counts them, as a JSON Pointer.
    pub(super) told: &'static str,
}

/// A route beside the document.
#[derive(Debug)]
pub(super) struct Extra {
    pub(super) method: &'static str,
    /// May have one variable, `{id}`, for a UUID.
    pub(super) path: &'static str,
    /// Whether credentials are needed, where the server asks for any.
    pub(super) guarded: bool,
    pub(super) answer: Extras,
}

/// What an extra route answers.
#[derive(Debug)]
pub(super) enum Extras {
    /// This JSON, with `{id}` for the path's.
    Json(&'static str),
    /// A token that is good for an hour, for the API key in the body.
    Login,
}

const PLAIN: Particulars = Particulars {
    name: "",
    omits_null: false,
    uuid: 7,
    ids: Ids::Readable,
    always: &[],
    fixed: &[],
    unreadable: None,
    bad: [400, 422],
    extra: &[],
    demands: &[],
    columns: &[],
    items: &[],
};

static PARTICULARS: [Particulars; 4] = [
    Particulars {
        name: "opik",
        omits_null: true,
        fixed: &[("sortable_by", r#"["created_at"]"#)],
        unreadable: Some(404),
        demands: &[
            Demand {
                operation: "createExperiment",
                broken: |body| {
                    let id = body.get("id").and_then(Value::as_str);
                    let id = id.and_then(|id| uuid::Uuid::try_parse(id).ok());
                    id.is_some_and(|id| id.get_version_num() != 7)
                },
                status: 400,
                message: "Experiment id must be a version 7 UUID",
            },
            Demand {
                operation: "createExperiment",
                broken: |body| {
                    let name = body.get("dataset_name").and_then(Value::as_str);
                    name.is_some_and(|name| name.trim().is_empty())
                },
                status: 422,
                message: "datasetName must not be blank",
            },
            // No operation of the document makes a prompt, so none is known.
            Demand {
                operation: "createExperiment",
                broken: |body| {
                    body.pointer("/prompt_version/id")
                        .is_some_and(Value::is_string)
                },
                status: 409,
                message: "Prompt version not found",
            },
        ],
        ..PLAIN
    },
    Particulars {
        name: "galileo",
        uuid: 4,
        bad: [422, 400],
        always: &[
            "created_at",
            "status",
            "tags",
            "aggregate_metrics",
            "aggregate_feedback",
            "ranking_score",
            "project_id",
            "task_type",
        ],
        fixed: &[("task_type", "16")],
        extra: &[
            Extra {
                method: "GET",
                path: "/healthcheck",
                guarded: false,
                answer: Extras::Json(r#"{"api_version":"1.0.0","message":"ok","version":"1.0.0"}"#),
            },
            Extra {
                method: "POST",
                path: "/login/api_key",
                guarded: false,
                answer: Extras::Login,
            },
            Extra {
                method: "GET",
                path: "/current_user",
                guarded: true,
                answer: Extras::Json(
                    r#"{"id":"5f0c8a5e-3b1f-4a3e-9d57-1d1f6f1f7a11","email":"ada@example.com","first_name":"Ada","last_name":"Lovelace","role":"admin","permissions":[]}"#,
                ),
            },
            // By its name, whatever that is.
            Extra {
                method: "GET",
                path: "/projects",
                guarded: true,
                answer: Extras::Json(
                    r#"[{"id":"2b8f0c64-7d0e-4d5c-9b0a-6f1e3a9c4d58","name":"default","type":"gen_ai","created_by":"5f0c8a5e-3b1f-4a3e-9d57-1d1f6f1f7a11","created_by_user":{"id":"5f0c8a5e-3b1f-4a3e-9d57-1d1f6f1f7a11","email":"ada@example.com","first_name":"Ada","last_name":"Lovelace"},"runs":[],"created_at":"2026-01-05T09:00:00Z","updated_at":"2026-01-05T09:00:00Z","permissions":[],"bookmark":false,"description":null,"labels":[]}]"#,
                ),
            },
            // Every id is a project's, as experiments are listed for any.
            Extra {
                method: "GET",
                path: "/projects/{id}",
                guarded: true,
                answer: Extras::Json(
                    r#"{"id":"{id}","name":"plumbline","type":"gen_ai","created_by":"5f0c8a5e-3b1f-4a3e-9d57-1d1f6f1f7a11","created_by_user":{"id":"5f0c8a5e-3b1f-4a3e-9d57-1d1f6f1f7a11","email":"ada@example.com","first_name":"Ada","last_name":"Lovelace"},"runs":[],"created_at":"2026-01-05T09:00:00Z","updated_at":"2026-01-05T09:00:00Z","permissions":[],"bookmark":false,"description":null,"labels":[]}"#,
                ),
            },
            Extra {
                method: "GET",
                path: "/projects/{id}/log_streams",
                guarded: true,
                answer: Extras::Json(
                    r#"[{"id":"a3a94e57-64f0-4f0b-9a0e-3c53c8f0b1d2","project_id":"{id}","name":"default","created_by":"5f0c8a5e-3b1f-4a3e-9d57-1d1f6f1f7a11","created_at":"2026-01-05T09:00:00Z","updated_at":"2026-01-05T09:00:00Z","has_user_created_sessions":false}]"#,
                ),
            },
        ],
        ..PLAIN
    },
    Particulars {
        name: "phoenix",
        bad: [422, 400],
        ids: Ids::Global,
        columns: &[Columns {
            operation: "uploadDataset",
            collection: "dataset-examples",
            members: &[
                ("inputs", "input"),
                ("outputs", "output"),
                ("metadata", "metadata"),
            ],
            counted: "example_count",
            told: "/data/num_created_examples",
        }],
        ..PLAIN
    },
    Particulars {
        name: "mlflow",
        omits_null: true,
        ids: Ids::Number,
        always: &[
            "name",
            "artifact_location",
            "creation_time",
            "last_update_time",
            "workspace",
        ],
        items: &[("experiments", experiment), ("runs", run)],
        fixed: &[("lifecycle_stage", r#""active""#)],
        ..PLAIN
    },
];

impl Extra {
    /// The UUID in a path of this route, empty where the route has none; `None` for other paths.
    pub(super) fn id<'a>(&self, path: &'a str) -> Option<&'a str> {
        let Some((before, after)) = self.path.split_once("{id}") else {
            return (self.path == path).then_some("");
        };
        let id = path.strip_prefix(before)?.strip_suffix(after)?;
        uuid::Uuid::try_parse(id).is_ok().then_some(id)
    }
}

/// An experiment of MLflow's without tags.
fn experiment(created: i64) -> Value {
    json!({
        "experiment_id": "0",
        "name": "Default",
        "artifact_location": "mlflow-artifacts:/0",
        "lifecycle_stage": "active",
        "last_update_time": created,
        "creation_time": created,
        "workspace": "default",
    })
}

/// A run of MLflow's that has logged nothing.
fn run(created: i64) -> Value {
    json!({
        "info": {
            "run_uuid": "0",
            "run_name": "loud-swan-714",
            "experiment_id": "0",
            "user_id": "",
            "status": "RUNNING",
            "start_time": created,
            "artifact_uri": "mlflow-artifacts:/0/0/artifacts",
            "lifecycle_stage": "active",
            "run_id": "0",
        },
        "data": {"tags": [{"key": "mlflow.runName", "value": "loud-swan-714"}]},
        "inputs": {},
        "outputs": {},
    })
}

impl Particulars {
    /// What is particular to a vendor; nothing where the document is nobody's.
    pub(super) fn of(vendor: Option<&Vendor>) -> &'static Self {
        const NONE: &Particulars = &PLAIN;
        vendor
            .and_then(|vendor| PARTICULARS.iter().find(|own| own.name == vendor.name))
            .unwrap_or(NONE)
    }

    /// The value that a member always has.
    pub(super) fn fixed(&self, member: &str) -> Option<Value> {
        let (_, fixed) = self.fixed.iter().find(|(own, _)| *own == member)?;
        serde_json::from_str(fixed).ok()
    }

    /// The statuses that fit a fault, the best first.
    pub(super) fn bad_statuses(&self, matter: Matter, first: Option<&Complaint>) -> Vec<u16> {
        let in_body = first.is_some_and(|first| first.place.starts_with("body"));
        let mut wanted = Vec::new();
        if matter == Matter::Unreadable && !in_body {
            wanted.extend(self.unreadable);
        }
        wanted.extend(self.bad);
        wanted
    }
}
