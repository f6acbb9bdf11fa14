//! Absent, null and a value are three different bodies; what is unknown is kept.

use crate::server::{always, json};
use plumbline_clients::runtime::Field;
use plumbline_clients::{galileo, opik, phoenix};
use plumbline_features as features;
use serde_json::{Value, json};
use uuid::Uuid;

const ID: Uuid = Uuid::from_u128(0x0190_b2a0_0000_7000_8000_0000_0000_0001);

#[tokio::test]
async fn opik_patches_with_absent_null_and_a_value() {
    let server = always(crate::server::status(204));
    let client = opik::Client::builder(&server.url()).build().unwrap();
    for metadata in [
        Field::Absent,
        Field::Null,
        Field::Value(serde_json::from_value(json!({"model": "gpt"})).unwrap()),
    ] {
        let mut body = opik::ExperimentUpdate::default();
        body.metadata = metadata;
        client.update_experiment(ID, &body).await.unwrap();
    }
    let bodies: Vec<String> = bodies(&server);
    assert_eq!(
        bodies,
        [
            "{}",
            r#"{"metadata":null}"#,
            r#"{"metadata":{"model":"gpt"}}"#
        ]
    );
    let line = "PATCH /v1/private/experiments/0190b2a0-0000-7000-8000-000000000001";
    assert_eq!(server.lines(), [line, line, line]);
}

fn bodies(server: &crate::server::Server) -> Vec<String> {
    let seen = server.seen();
    seen.iter()
        .map(|seen| String::from_utf8(seen.body.clone()).unwrap())
        .collect()
}

#[tokio::test]
async fn galileo_patches_with_absent_null_and_a_value() {
    let server = always(json(&json!({"scorers": []})));
    let client = galileo::Client::builder(&server.url()).build().unwrap();
    for scorers in [Field::Absent, Field::Null, Field::Value(Vec::new())] {
        let mut body = galileo::MetricSettingsRequest::default();
        body.scorers = scorers;
        client.update_metric_settings(ID, ID, &body).await.unwrap();
    }
    assert_eq!(
        bodies(&server),
        ["{}", r#"{"scorers":null}"#, r#"{"scorers":[]}"#]
    );
}

#[tokio::test]
async fn phoenix_patches_with_absent_null_and_a_value() {
    let server = always(crate::server::status(500));
    let client = phoenix::Client::builder(&server.url()).retries(0);
    let client = client.build().unwrap();
    for description in [Field::Absent, Field::Null, Field::Value("new".to_owned())] {
        let mut body = phoenix::UpdateExperimentRequestBody::default();
        body.description = description;
        client
            .update_experiment("RXhwZXJpbWVudDox", &body)
            .await
            .unwrap_err();
    }
    assert_eq!(
        bodies(&server),
        ["{}", r#"{"description":null}"#, r#"{"description":"new"}"#]
    );
}

/// Every mix of required and nullable, read and written again.
#[tokio::test]
async fn a_feature_keeps_what_it_is_told_apart_by() {
    use features::presence::{Client, Thing};
    let whole = json!({
        "must": "a", "must_or_null": null, "may": "b", "may_or_null": null,
        "list_of_nulls": [1, null], "list_or_null": null, "null_through_reference": "c",
        "defaulted": 4,
    });
    let server = always(json(&whole));
    let client = Client::builder(&server.url()).build().unwrap();
    let thing = Thing::new("a".to_owned());
    let thing = client.update_thing(ID, &thing).await.unwrap();
    assert_eq!(serde_json::to_value(&thing).unwrap(), whole);
    assert_eq!(thing.may_or_null, features::runtime::Field::Null);
    // What must be there is, as null where it may be.
    assert_eq!(
        server.only().json(),
        json!({"must": "a", "must_or_null": null})
    );
}

#[tokio::test]
async fn an_unknown_value_of_an_enum_survives() {
    let body = json!({"id": ID, "dataset_name": "a", "status": "paused", "type": "regular"});
    let server = always(json(&body));
    let client = opik::Client::builder(&server.url()).build().unwrap();
    let experiment = client.get_experiment_by_id(ID).await.unwrap();
    let status = experiment.status.clone().unwrap();
    assert_eq!(
        status,
        opik::ExperimentPublicStatus::Other("paused".to_owned())
    );
    assert_eq!(status.as_str(), "paused");
    assert_eq!(serde_json::to_value(&experiment).unwrap(), body);
}

#[test]
fn an_unknown_tag_of_a_union_survives() {
    use features::union_discriminator::Pet;
    let read = |pet: &Value| serde_json::from_value::<Pet>(pet.clone()).unwrap();
    let kitten = json!({"pet_type": "kitten", "lives": 9});
    assert!(matches!(read(&kitten), Pet::Cat(_)));
    let bird = json!({"pet_type": "bird", "wings": 2});
    assert!(matches!(read(&bird), Pet::Other(_)));
    for pet in [kitten, bird] {
        assert_eq!(serde_json::to_value(read(&pet)).unwrap(), pet);
    }
}
