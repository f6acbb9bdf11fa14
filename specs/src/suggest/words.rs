//! The names that paging uses, without case and punctuation.

/// A name as it is compared: letters and digits alone, in lower case (`page[size]`, `pageSize`
/// and `page_size` are one).
pub(crate) fn joined(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|character| character.to_ascii_lowercase())
        .collect()
}

/// One of several, for a name of several: `entries` gives `entry`. English endings alone.
pub(crate) fn singular(name: &str) -> String {
    if let Some(stem) = name.strip_suffix("ies") {
        return format!("{stem}y");
    }
    for ending in ["ses", "xes", "ches", "shes"] {
        if name.ends_with(ending) {
            return name.strip_suffix("es").unwrap_or(name).to_owned();
        }
    }
    match name.strip_suffix('s') {
        Some(stem) if !stem.ends_with('s') => stem.to_owned(),
        _ => name.to_owned(),
    }
}

/// Where a page's number is asked for.
pub(super) const NUMBER: [&str; 8] = [
    "page",
    "pagenumber",
    "pagenum",
    "pageno",
    "pagenr",
    "pageindex",
    "currentpage",
    "pageidx",
];

/// Where a page's size is asked for.
pub(super) const SIZE: [&str; 17] = [
    "limit",
    "size",
    "pagesize",
    "perpage",
    "pagelimit",
    "maxresults",
    "maxitems",
    "maxresultcount",
    "maxpagesize",
    "itemsperpage",
    "resultsperpage",
    "entriesperpage",
    "recordsperpage",
    "numperpage",
    "take",
    "top",
    "pagecount",
];

/// Names that mean a size beside a position, and many other things.
pub(super) const PERHAPS_SIZE: [&str; 6] = ["count", "rows", "max", "first", "results", "n"];

/// Where is said how many items to pass over.
pub(super) const OFFSET: [&str; 9] = [
    "offset",
    "skip",
    "startat",
    "startindex",
    "startingindex",
    "startingtoken",
    "pageoffset",
    "resultoffset",
    "firstresult",
];

/// Names that mean an offset beside a size, and moments and ranges elsewhere.
pub(super) const PERHAPS_OFFSET: [&str; 3] = ["start", "from", "begin"];

/// Where a token is handed in.
pub(super) const CURSOR: [&str; 21] = [
    "cursor",
    "pagecursor",
    "startcursor",
    "nextcursor",
    "pagetoken",
    "nextpagetoken",
    "nexttoken",
    "paginationtoken",
    "pagingtoken",
    "startingtoken",
    "continuationtoken",
    "continuation",
    "marker",
    "nextmarker",
    "after",
    "afterid",
    "aftercursor",
    "startingafter",
    "bookmark",
    "scrollid",
    "page",
];

/// Tokens that can be nothing else, wherever they stand in an answer.
pub(super) const NEXT: [&str; 11] = [
    "nextcursor",
    "nextpagecursor",
    "nextpagetoken",
    "nexttoken",
    "nextmarker",
    "nextstartingtoken",
    "nextcontinuationtoken",
    "nextafter",
    "nextbookmark",
    "continuationtoken",
    "endcursor",
];

/// What an answer calls the last item's token where that is the next one.
pub(super) const LAST: [&str; 2] = ["lastid", "lastcursor"];

/// A flag that more follows.
pub(super) const MORE: [&str; 8] = [
    "hasmore",
    "hasnext",
    "hasnextpage",
    "hasmoreresults",
    "hasmoreitems",
    "hasmorepages",
    "moreresults",
    "istruncated",
];

/// What may follow `total` in the name of the number of all items.
pub(super) const TOTAL_OF: [&str; 13] = [
    "",
    "count",
    "size",
    "entries",
    "items",
    "results",
    "elements",
    "hits",
    "records",
    "rows",
    "number",
    "resultcount",
    "itemcount",
];

/// Objects that hold what an answer says of its paging.
pub(super) fn is_envelope(joined: &str) -> bool {
    ["meta", "pag", "cursor", "info", "link"]
        .iter()
        .any(|part| joined.contains(part))
}

/// Lists that are not what a page holds.
pub(super) const BESIDE: [&str; 17] = [
    "errors",
    "warnings",
    "links",
    "included",
    "order",
    "sort",
    "sortableby",
    "fields",
    "columns",
    "facets",
    "aggregations",
    "headers",
    "notices",
    "warningmessages",
    "errormessages",
    "scopes",
    "includes",
];

/// What a page calls its items when it does not name them.
pub(super) const ITEMS: [&str; 16] = [
    "items",
    "data",
    "results",
    "result",
    "entries",
    "content",
    "records",
    "values",
    "value",
    "list",
    "rows",
    "hits",
    "resources",
    "objects",
    "elements",
    "nodes",
];

#[cfg(test)]
mod tests {
    use super::{joined, singular};

    #[test]
    fn names_are_cut() {
        assert_eq!(joined("page[size]"), "pagesize");
    }

    #[test]
    fn endings_are_english() {
        assert_eq!(singular("entries"), "entry");
        assert_eq!(singular("boxes"), "box");
        assert_eq!(singular("runs"), "run");
        assert_eq!(singular("address"), "address");
    }
}
