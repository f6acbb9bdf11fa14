//! No `Debug` of a public type shows a user, a password, a token or a credential.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use plumbline_conformance::fixture::{self, Variables};
use plumbline_conformance::har::Entry;
use plumbline_conformance::record::{Played, Proxy};
use plumbline_conformance::traffic::{Matched, Passed, Traffic};
use plumbline_conformance::{
    Exchange, ExchangeId, Limits, Reply, Report, Request, Session, Target, UserHeader, UserText,
    Values, verify,
};
use plumbline_specs::Place;
use std::collections::BTreeMap;
use std::fmt::Debug;

const SECRET: &str = "s3cr3t";

fn headers() -> Vec<(String, String)> {
    ["Authorization", "Cookie", "X-Key", "set-cookie"]
        .map(|name| (name.to_owned(), format!("Bearer {SECRET}")))
        .to_vec()
}

fn request() -> Request {
    Request {
        operation: "login".to_owned(),
        method: "POST".to_owned(),
        path: "/login".to_owned(),
        query: vec![("api_key".to_owned(), SECRET.to_owned())],
        headers: headers(),
        body: Some(format!("{{\"password\":\"{SECRET}\"}}").into_bytes()),
        ..Request::default()
    }
}

fn exchange() -> Exchange {
    Exchange {
        id: ExchangeId(1),
        request: request(),
        answer: Ok(Reply {
            status: 200,
            headers: headers(),
            body: format!("{{\"access_token\":\"{SECRET}\"}}").into_bytes(),
            millis: 1,
        }),
    }
}

fn passed() -> Passed {
    let Exchange {
        request, answer, ..
    } = exchange();
    Passed {
        method: request.method,
        url: format!("http://user-{SECRET}:{SECRET}@h/login?api_key={SECRET}")
            .parse()
            .unwrap(),
        headers: request.headers,
        body: request.body,
        answer,
        begun: None,
        place: Place::default(),
    }
}

fn target() -> Target {
    Target {
        base: format!("http://user-{SECRET}:{SECRET}@127.0.0.1:9/api?key={SECRET}#{SECRET}")
            .parse()
            .unwrap(),
        headers: vec![UserHeader::literal("Authorization", SECRET)],
        values: BTreeMap::from([("password".to_owned(), SECRET.to_owned())]),
        limits: Limits::default(),
    }
}

fn traffic() -> Traffic {
    Traffic {
        tool: "test".to_owned(),
        exchanges: vec![passed()],
        ..Traffic::default()
    }
}

#[tokio::test]
async fn no_public_type_shows_a_secret() {
    let path = std::env::var("PATH").unwrap();
    let values = BTreeMap::from([("key".to_owned(), SECRET.to_owned())]);
    let variables = Variables::new(&values, &BTreeMap::new());
    let mut given = Values::new();
    given.set("password", SECRET);
    let typed = UserText::read(&format!("Bearer {SECRET} $PATH")).unwrap();
    let session = Session::new(target()).unwrap();
    let upstream = format!("http://user-{SECRET}:{SECRET}@127.0.0.1:9");
    let proxy = Proxy::listen(upstream.parse().unwrap(), "127.0.0.1:0".parse().unwrap())
        .await
        .unwrap();
    let verify = verify(format!("http://user-{SECRET}:{SECRET}@h/?key={SECRET}"))
        .header("Authorization", SECRET)
        .header("X-Key", "$PATH")
        .set("password", SECRET);
    let broken = plumbline_conformance::verify(format!("nothing-{SECRET}:{SECRET}@h?k={SECRET}"))
        .document("d", include_str!("things.yaml"))
        .run()
        .await
        .unwrap_err();
    let source = "about: a\nprovenance: {written: w}\nsecrets: {KEY: stand-in}\nexchanges:\n- id: a\n  operation: login\n  request: {method: GET, path: /a, headers: [[X-Key, '${KEY}']]}\n  response: {status: 200}\n".to_string();
    let fixture = fixture::load(source.as_bytes(), "f.yaml").unwrap();
    let secrets = BTreeMap::from([("KEY".to_owned(), SECRET.to_owned())]);
    let expanded = fixture::expand(&fixture, &secrets).unwrap();
    let options = plumbline_reference::Options {
        credentials: Some(SECRET.to_owned()),
        ..plumbline_reference::Options::default()
    };
    let report = Report {
        exchanges: vec![exchange()],
        ..Report::default()
    };
    let entry = Entry {
        exchange: exchange(),
        begun: "2026-11-27T00:00:00Z".parse().unwrap(),
        comment: None,
    };
    let matched = Matched {
        exchanges: vec![exchange()],
        user_info: vec![(format!("user-{SECRET}"), SECRET.to_owned())],
        notes: Vec::new(),
    };
    let played = Played {
        sent: vec![0],
        traffic: traffic(),
        interrupted: false,
    };
    let all: [&dyn Debug; 21] = [
        &target(),
        &Limits::default(),
        &UserHeader::literal("Authorization", SECRET),
        &UserHeader::read("X-Key", "$PATH").unwrap(),
        &typed,
        &session,
        &verify,
        &broken,
        &request(),
        &exchange(),
        &exchange().answer,
        &report,
        &passed(),
        &traffic(),
        &matched,
        &played,
        &entry,
        &variables,
        &given,
        &expanded,
        &options,
    ];
    for (index, one) in all.iter().chain([&(&proxy as &dyn Debug)]).enumerate() {
        for shown in [format!("{one:?}"), format!("{one:#?}")] {
            assert!(!shown.contains(SECRET), "{index}: {shown}");
            assert!(!shown.contains(&path), "{index}: {shown}");
        }
    }
    let told = broken.to_string();
    assert!(!told.contains(SECRET), "{told}");
}
