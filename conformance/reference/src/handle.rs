//! From a call to an answer: route, credentials, faults, then the operation itself.

use super::access;
use super::call::{Call, ServerResponse};
use super::complaint::Refusal;
use super::context::{RequestContext, World};
use super::defect;
use super::particulars::{Demand, ExtraAnswer};
use super::refuse;
use super::shape;
use plumbline_conformance::Route;
use serde_json::{Value, json};

/// Answers a request.
pub(super) fn handle(world: &World, mut call: Call) -> ServerResponse {
    rebase(world, &mut call);
    if let Some(answer) = extra(world, &call) {
        return answer;
    }
    let Some(Route { operation, values }) = world.contract.route(&call.method, &call.path) else {
        return unrouted(world, &call);
    };
    let Some(plan) = world.plans.get(&operation.label()) else {
        return unrouted(world, &call);
    };
    if world.particulars.omits_null {
        refuse::forget_nulls(world, operation, &mut call);
    }
    let mut context = RequestContext {
        world,
        operation,
        plan,
        call: &call,
        values,
        json: serde_json::from_slice(&call.body).ok(),
        refusal: None,
    };
    let result = decide(&mut context);
    let mut answer = match result {
        Ok(answer) => answer,
        Err(refusal) => {
            let answer = refusal.answer(world, operation);
            context.refusal = Some(refusal);
            answer
        }
    };
    defect::answer(&mut answer, &context);
    answer
}

fn decide(context: &mut RequestContext<'_>) -> Result<ServerResponse, Refusal> {
    let mut access = access::judge(context);
    defect::access(&mut access, context);
    if !access.granted() {
        return Err(Refusal::Unauthorized);
    }
    let mut complaints = refuse::complaints(context);
    defect::check(&mut complaints, context);
    if !complaints.is_empty() {
        return Err(Refusal::Bad(complaints));
    }
    if let Some(demand) = demanded(context) {
        return Err(Refusal::Demanded {
            status: demand.status,
            message: demand.message.clone(),
        });
    }
    // An item that the path leads through has to be there, whatever is done with it.
    super::crud::through(context)?;
    match context.plan.role {
        Some(role) => super::perform::perform(context, role),
        None => shape::made_up(context),
    }
}

/// The rule of the vendor's server that the request breaks.
fn demanded<'a>(context: &RequestContext<'a>) -> Option<&'a Demand> {
    let (label, body) = (context.operation.label(), context.json.as_ref()?);
    let mut demands = context.world.particulars.demands.iter();
    demands.find(|demand| demand.operation == label && !demand.validator.is_valid(body))
}

/// Takes the base path off that one of the document's servers has, where the rest is a path of
/// the document. SDKs differ in whether they keep it.
fn rebase(world: &World, call: &mut Call) {
    if known(world, &call.path) {
        return;
    }
    for server in &world.api().servers {
        let path = server
            .url
            .split_once("://")
            .map_or(server.url.as_str(), |(_, rest)| {
                rest.find('/')
                    .and_then(|start| rest.get(start..))
                    .unwrap_or("")
            })
            .trim_end_matches('/');
        if path.is_empty() || path.contains('{') {
            continue;
        }
        if let Some(rest) = call.path.strip_prefix(path)
            && rest.starts_with('/')
            && known(world, rest)
        {
            call.prefix = path.to_owned();
            call.path = rest.to_owned();
            return;
        }
    }
}

/// Whether some method has that path.
fn known(world: &World, path: &str) -> bool {
    !world.contract.methods(path).is_empty()
        || world
            .particulars
            .routes
            .iter()
            .any(|route| route.id(path).is_some())
}

/// 404 for a path that the document has not, 405 for a method.
fn unrouted(world: &World, call: &Call) -> ServerResponse {
    let methods = world.contract.methods(&call.path);
    if methods.is_empty() {
        return ServerResponse::json(
            404,
            json!({"code": 404, "message": "there is no such path"}),
        );
    }
    let allowed: Vec<_> = methods.iter().map(|method| method.as_str()).collect();
    let mut answer = ServerResponse::json(
        405,
        json!({"code": 405, "message": "the path does not have this method"}),
    );
    answer
        .headers
        .push(("Allow".to_owned(), allowed.join(", ")));
    answer
}

/// A route that the vendor's SDKs call beside the document.
fn extra(world: &World, call: &Call) -> Option<ServerResponse> {
    let mut routes = world.particulars.routes.iter();
    let (route, id) = routes.find_map(|route| {
        let id = route.id(&call.path)?;
        (route.method == call.method).then_some((route, id))
    })?;
    if route.guarded
        && world.options.credentials.is_some()
        && call.header("authorization").is_none()
        && !call
            .headers
            .iter()
            .any(|(name, _)| name.to_ascii_lowercase().ends_with("api-key"))
    {
        return Some(ServerResponse::json(
            401,
            json!({"detail": "the credentials are missing"}),
        ));
    }
    Some(match &route.answer {
        ExtraAnswer::Json(value) => {
            let text = value.to_string().replace("{id}", id);
            ServerResponse::json(200, serde_json::from_str(&text).unwrap_or(Value::Null))
        }
        ExtraAnswer::Login => {
            let body: Value = serde_json::from_slice(&call.body).unwrap_or(Value::Null);
            access::login(world, body.get("api_key").and_then(Value::as_str))
        }
    })
}
