//! The laws of pagination, in the order in which reports show them.

rules! {
    Law;
    /// Every position that a walk reaches answers the documented success status, however deep.
    EVERY_PAGE_ANSWERS = "every-page-answers",
        "OpenAPI 3.0.3, Responses Object",
        "GET /experiments?page=1001&size=10 answers 400: only the first 10,000 items can be reached.";
    /// The items are an array on every page, the empty one included.
    ITEMS_IS_A_LIST = "items-is-a-list",
        "x-pagination",
        r#"The page after the last answers {"content": null}."#;
    /// No page holds more items than the size asked for.
    PAGE_BOUND = "page-bound",
        "x-pagination",
        "GET /experiments?size=10 answers 11 items.";
    /// Only the last page holds fewer items than the size asked for.
    FULL_PAGES = "full-pages",
        "x-pagination, short_pages",
        "Page 2 of size 10 holds 9 items, and page 3 holds more.";
    /// The first page holds as many items as were asked for, or all there are.
    FIRST_PAGE_FULL = "first-page-full",
        "x-pagination, short_pages",
        "GET /experiments?size=10 answers 9 of 57 items.";
    /// A size beyond the number of items returns all of them, is refused, or stops at the
    /// documented maximum.
    SILENT_CAP = "silent-cap",
        "x-pagination, maximum",
        "GET /experiments?size=1000 answers 50 of 57 items, and nothing says that 50 is the maximum.";
    /// A walk ends within ceil(N / n) + 2 requests.
    WALK_TERMINATES = "walk-terminates",
        "x-pagination",
        "The last page's next_cursor leads to the last page again.";
    /// No key comes twice in a walk.
    NO_DUPLICATES = "no-duplicates",
        "x-pagination, key",
        "Page 3 of size 10 repeats the last item of page 2.";
    /// The set and the order of the keys are the same for every size.
    SIZE_INVARIANCE = "size-invariance",
        "x-pagination",
        "A walk of size 7 meets 56 of the 57 items that a walk of size 10 meets.";
    /// The same request twice gives the same items in the same order, ties included.
    SAME_ANSWER_TWICE = "same-answer-twice",
        "x-pagination",
        "Two experiments with one created_at change places between two requests.";
    /// Leaving a paging parameter out gives what passing its documented default gives.
    DEFAULTS = "defaults",
        "OpenAPI 3.0.3, Schema Object, default",
        "The default size is 10, and GET /experiments answers 25 items.";
    /// A paging parameter below its minimum, above its maximum, not a number, empty or beyond 64
    /// bits gets a documented 4xx: never 2xx, never 5xx, and a negative number never wraps
    /// around.
    BOUNDS = "bounds",
        "OpenAPI 3.0.3, Parameter Object, schema",
        "GET /experiments?page=-1 answers the last page.";
    /// The total is the same on every page and at every size.
    TOTAL_CONSTANT = "total-constant",
        "x-pagination, total",
        "Page 1 says 57 in all, page 6 says 7.";
    /// The total is the number of items, under the filter.
    TOTAL_TRUE = "total-true",
        "x-pagination, total",
        "Filtered by name, 19 items come, and the total still says 57.";
    /// A filtered walk is the walk without a filter, put through the same predicate: the same
    /// items in the same order, at every size; the filter comes before the paging.
    FILTERED = "filtered",
        "x-pagination, filter",
        "With name=qa, page 1 of size 10 holds the 3 matches among the first 10 items.";
    /// Items stand in the order asked for, across page borders; the set stays the same;
    /// descending is ascending reversed, but for ties.
    SORTED = "sorted",
        "x-pagination, sort",
        "Each page is sorted by itself: page 2 begins before page 1 ends.";
    /// Leaving the order out gives the documented default order.
    DEFAULT_SORT = "default-sort",
        "x-pagination, default_sort",
        "Newest first is the default, and the oldest experiment comes first.";
    /// Options that only add to items keep the set and the order.
    PRESENTATION_KEEPS_SET = "presentation-keeps-set",
        "x-pagination, presentation",
        "With include_counts, items without counts are left out.";
    /// Concurrent answers equal the sequential ones.
    ISOLATION = "isolation",
        "x-pagination",
        "While page 2 of size 10 is under way, a request for page 5 of size 3 gets page 2.";
    /// Two operations that page over one collection give the same items.
    SAME_COLLECTION = "same-collection",
        "x-pagination, same_collection",
        "The search without a filter leaves out an experiment that the list shows.";
    /// The item that get-by-id returns is the item that the list shows; a created item appears
    /// exactly once, a deleted one never.
    READ_BACK = "read-back",
        "x-pagination, get; x-resource",
        "A deleted experiment stays on page 1.";
    /// The response repeats the page that was asked for.
    PAGE_ECHO = "page-echo",
        "x-pagination, echo",
        r#"GET /experiments?page=2 answers {"page": 1}."#;
    /// The echoed size is what the profile says: the size asked for, or the number of items.
    SIZE_ECHO = "size-echo",
        "x-pagination, size_echo",
        "The last page holds 7 items of 10 asked for, and its size says 57.";
    /// The first page is the documented one, and the one before it is refused.
    PAGE_BASE = "page-base",
        "x-pagination, first",
        "GET /experiments?page=0 answers the first items, page=1 the second ten.";
    /// Page p of size n holds the items from (p - 1) n up to p n, at random access too.
    PAGE_SLICE = "page-slice",
        "x-pagination",
        "Page 3 of size 10 begins with the item that page 2 ends with.";
    /// Beyond the end comes the documented answer, no items and no next; never a repeat.
    PAST_THE_END = "past-the-end",
        "x-pagination, past_the_end",
        "The list has 6 pages, and page 7 shows page 6 again.";
    /// The page with the last item holds the remainder; no item is dropped or added there.
    LAST_PAGE = "last-page",
        "x-pagination",
        "Page 6 of size 10 holds 6 of the 7 items that are left.";
    /// The response repeats the offset and the limit that were asked for.
    OFFSET_ECHO = "offset-echo",
        "x-pagination, echo",
        r#"starting_token 20 is answered with {"starting_token": 0}."#;
    /// The next offset is the offset plus the items returned.
    NEXT_IS_SUM = "next-is-sum",
        "x-pagination, next",
        "From offset 20 with 10 items the next offset is 31.";
    /// The next offset is greater than the offset.
    NEXT_ADVANCES = "next-advances",
        "x-pagination, next",
        "From offset 20 the next offset is 20.";
    /// Next is present exactly when an item remains, also where the last page is exactly full; a
    /// flag that says more says the same; presence decides, not truthiness.
    NEXT_IFF_MORE = "next-iff-more",
        "x-pagination, next and more",
        "57 items at size 19: the third page names a next one, and that is empty.";
    /// No page in mid-walk is empty.
    NO_EMPTY_PAGE = "no-empty-page",
        "x-pagination, short_pages",
        "Offset 20 answers no items and a next offset of 30.";
    /// Offset o with limit n gives the items from o up to o + n, at random access too.
    OFFSET_SLICE = "offset-slice",
        "x-pagination",
        "Offset 20 with limit 10 begins with item 21.";
    /// No cursor comes twice in a walk.
    CURSOR_ADVANCES = "cursor-advances",
        "x-pagination",
        "Page 3 names the cursor that led to page 3.";
    /// A cursor asked for again gives the same page.
    CURSOR_REPLAYS = "cursor-replays",
        "x-pagination",
        "The second request with one cursor answers the page after.";
    /// A cursor used with another filter, order or size is refused or gives what it was made for;
    /// never a mixture.
    CURSOR_IS_BOUND = "cursor-is-bound",
        "x-pagination",
        "A cursor from the list without a filter, used with name=qa, skips as many matches as it skipped items.";
    /// Garbage, truncated and foreign cursors get a documented 4xx: not the first page, not a
    /// 5xx.
    BAD_CURSOR = "bad-cursor",
        "OpenAPI 3.0.3, Responses Object",
        "GET /experiments?cursor=%21 answers the first page.";
    /// Where both ways exist, the page before the next page is the page itself.
    PREV_OF_NEXT = "prev-of-next",
        "RFC 8288; IANA link relations next and prev",
        "From page 3 the link prev leads to page 1.";
    /// A Link keeps the origin and the other query parameters; first equals the request without a
    /// cursor.
    LINK_KEEPS_QUERY = "link-keeps-query",
        "RFC 8288, section 3",
        "GET /items?name=qa&per_page=10 links to /items?per_page=10&page=2.";
    /// An item that is there from before a walk to after it is met exactly once while others come
    /// and go; for page and offset this is information.
    STABILITY_UNDER_WRITES = "stability-under-writes",
        "x-pagination",
        "While a walk is under way an item is created, and page 2 repeats the last item of page 1.";
}
