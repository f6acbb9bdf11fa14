//! Lists: a page made stage by stage, and written down.

use super::call::{Body, ServerResponse};
use super::complaint::Refusal;
use super::context::RequestContext;
use super::defect;
use super::listing::Listing;
use super::parsed::Position;
use super::shape;
use super::stage::Stage;
use super::store::Item;
use super::value::{nullable, put};
use plumbline_specs::api::{Expression, NoItems, PaginationStyle, PastTheEnd};
use serde_json::Value;

/// Answers a list request.
pub(super) fn list(context: &RequestContext<'_>) -> Result<ServerResponse, Refusal> {
    let scope = super::crud::owner(context)?;
    let mut listing = Listing::new(context);
    defect::listing(Stage::Ask, &mut listing, context);
    {
        let mut store = context.world.store();
        let shelf = store.shelf(context.world, &context.plan.collection, &scope);
        listing.all.clone_from(&shelf.items);
        listing.gone.clone_from(&shelf.gone);
    }
    if let Some(resource) = &context.operation.resource {
        let shown = |item: &Item| {
            let mut only = resource.only.iter();
            only.all(|(pointer, value)| item.value.pointer(pointer.as_str()) == Some(value))
        };
        listing.all.retain(shown);
    }
    listing.select();
    defect::listing(Stage::Select, &mut listing, context);
    if let Some(profile) = &context.operation.pagination {
        listing.cut(profile);
        defect::listing(Stage::Cut, &mut listing, context);
        if let Some(status) = listing.broken {
            return Err(Refusal::Broken(status));
        }
        listing.fill(context, profile);
        if let Some(PastTheEnd::Status(status)) = profile.past_the_end
            && listing.items.is_empty()
            && listing.asked.position != Position::Start
            && listing.start >= listing.chosen.len()
            && !listing.chosen.is_empty()
        {
            return Err(Refusal::PastTheEnd(status));
        }
    } else {
        listing.items.clone_from(&listing.chosen);
        listing.total = listing.items.len() as u64;
    }
    defect::listing(Stage::Page, &mut listing, context);
    Ok(write(context, &listing))
}

/// Writes a page down where the profile says that its parts stand.
fn write(context: &RequestContext<'_>, listing: &Listing) -> ServerResponse {
    let api = context.api();
    let plan = context.plan;
    let Some(schema) = plan.schema() else {
        return ServerResponse::empty(plan.status);
    };
    let pointer = plan.output.clone().unwrap_or_default();
    let shown = api
        .schemas
        .at(schema, &pointer)
        .and_then(|array| super::value::element(api, array));
    let items: Vec<_> = listing
        .items
        .iter()
        .map(|item| shape::show(context.world, shown, &item.value, item.sequence))
        .collect();
    let mut body = shape::envelope(context, schema);
    let absent = context.operation.pagination.as_ref();
    let absent = absent.is_some_and(|profile| profile.no_items == Some(NoItems::Absent));
    if items.is_empty() && absent {
        super::value::take(&mut body, &pointer);
    } else {
        put(&mut body, &pointer, Value::Array(items));
    }
    let mut headers = Vec::new();
    if let Some(profile) = &context.operation.pagination {
        let mut say = |place: Option<&Expression>, value: Option<Value>| match (place, value) {
            (Some(Expression::ResponseBody(pointer)), Some(value)) => {
                put(&mut body, pointer, value);
            }
            (Some(Expression::ResponseBody(pointer)), None) => {
                // An explicit null where the document allows one, else nothing at all.
                let null = api
                    .schemas
                    .at(schema, pointer)
                    .is_some_and(|schema| nullable(api, schema));
                if null && !context.world.particulars.omits_null {
                    put(&mut body, pointer, Value::Null);
                } else {
                    super::value::take(&mut body, pointer);
                }
            }
            (Some(Expression::ResponseHeader(name)), Some(value)) if name != "Link" => {
                headers.push((name.clone(), super::value::text(&value)));
            }
            _ => {}
        };
        say(profile.total.as_ref(), Some(listing.total.into()));
        say(profile.more.as_ref(), Some(listing.more.into()));
        say(
            profile.echo.number.as_ref(),
            Some(listing.echo_number.into()),
        );
        say(profile.echo.size.as_ref(), Some(listing.echo_size.into()));
        say(
            profile.echo.offset.as_ref(),
            Some(listing.echo_offset.into()),
        );
        match &profile.style {
            PaginationStyle::Offset { next, .. } => say(next.as_ref(), listing.next.clone()),
            PaginationStyle::Cursor { next, previous, .. } => {
                say(Some(next), listing.next.clone());
                say(previous.as_ref(), listing.previous.clone());
            }
            PaginationStyle::Link { next } => {
                let name = match next {
                    Expression::ResponseHeader(name) => name.clone(),
                    _ => "Link".to_owned(),
                };
                let links: Vec<_> = listing
                    .links
                    .iter()
                    .map(|link| format!("<{}>; rel=\"{}\"", link.target, link.relation))
                    .collect();
                if !links.is_empty() {
                    headers.push((name, links.join(", ")));
                }
            }
            PaginationStyle::Page { .. } => {}
        }
    }
    let mut answer = ServerResponse {
        status: plan.status,
        headers,
        media: plan.media.as_ref().map(|media| media.name.clone()),
        body: Body::Json(body),
    };
    shape::headers(context, &mut answer);
    answer
}
