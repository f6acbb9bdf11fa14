"""A bookshop in Python's standard library, written from its document alone.

    python3 server.py [FAULT]

listens on a free port, prints it, and serves until standard input ends. FAULT makes one
mistake, such as people make; each stands where its name is compared with `fault`.
"""

import base64
import json
import sys
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

fault = sys.argv[1] if len(sys.argv) > 1 else "none"

AUTHORS = ["Achebe", "Borges", "Calvino", "Duras", "Eco"]
CITIES = ["Lagos", "Lima", "Oslo", "Pune"]
STATES = ["open", "paid", "sent"]


class Refused(Exception):
    def __init__(self, status, error):
        self.status, self.error = status, error


def new_book(index, title, author):
    return {
        "id": str(uuid.UUID(int=0x40008000 << 64 | index, version=4)),
        "title": title,
        "author": author,
        "added_at": f"2026-03-{index % 28 + 1:02}T08:00:00Z",
    }


lock = threading.Lock()
books = [new_book(i, f"Volume {i}", AUTHORS[i * 7 % 5]) for i in range(23)]
orders = [{"number": 1000 + i, "state": STATES[i % 3]} for i in range(24)]
# Three events happen at a time.
events = [{"id": i, "at": f"2026-05-01T09:{i // 3:02}:00Z"} for i in range(26)]
customers = [{"id": i, "city": CITIES[i % 4]} for i in range(22)]
made = 0


def number(query, name, default, least, most=2**31):
    text = query.get(name)
    if text is None:
        return default
    if fault == "number-crashes":
        return int(text)
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise Refused(400, f"{name} is no number")
    value = int(text)
    if fault == "size-clamped" and name == "size":
        return max(least, min(value, most))
    if fault == "page-zero-wraps" and name == "page" and value == 0:
        return value
    if not least <= value <= most:
        raise Refused(400, f"{name} is out of bounds")
    return value


def list_books(query):
    page, size = number(query, "page", 1, 1), number(query, "size", 10, 1, 200)
    sort, author = query.get("sort"), query.get("author")
    if sort not in (None, "author", "-author"):
        raise Refused(400, "no such order")
    found = list(books)
    if author is not None and fault != "filter-after-paging":
        found = [book for book in found if book["author"] == author]
    if fault == "ties-by-page" and sort and page % 2 == 0:
        # Another plan of the database for another page, and the order is not total.
        found.reverse()
    if sort and fault != "sort-within-page":
        found.sort(key=lambda book: book["author"], reverse=sort == "-author")
    start = (page - 1) * size
    if fault == "page-overlaps" and page > 1:
        start -= 1
    part = found[start : start + size]
    if fault == "last-page-dropped" and page > max(1, len(found) // size):
        part = []
    if fault == "filter-after-paging" and author is not None:
        part = [book for book in part if book["author"] == author]
    if sort and fault == "sort-within-page":
        part.sort(key=lambda book: book["author"], reverse=sort == "-author")
    total = len(part) if fault == "total-counts-page" else len(found)
    if fault == "total-ignores-filter":
        total = len(books)
    if fault == "null-in-list":
        part = [dict(book, author=None) if book is books[11] else book for book in part]
    return 200, {}, {"books": part, "page": page, "total": total}


def add_book(query, body):
    global made
    fields = {"title", "author"}
    if not isinstance(body, dict) or not fields <= body.keys():
        raise Refused(400, "a book has a title and an author")
    for name in fields:
        if not isinstance(body[name], str) or not 1 <= len(body[name]) <= 100:
            raise Refused(400, f"{name} is no text of 1 to 100 characters")
    with lock:
        made += 1
        book = new_book(1000 + made, body["title"], body["author"])
        if fault == "title-trimmed":
            book["title"] = book["title"][:3]
        books.append(book)
    headers = {} if fault == "location-missing" else {"Location": f"/books/{book['id']}"}
    return 200 if fault == "created-200" else 201, headers, book


def find_book(text):
    try:
        wanted = str(uuid.UUID(text))
    except ValueError:
        raise Refused(400, "no UUID") from None
    for book in books:
        if book["id"] == wanted:
            return book
    raise Refused(404, "no such book")


def get_book(text):
    if fault == "unknown-is-null":
        try:
            return 200, {}, find_book(text)
        except Refused as refused:
            if refused.status == 404:
                return 200, {}, None
            raise
    return 200, {}, find_book(text)


def remove_book(text):
    book = find_book(text)
    if fault != "delete-does-nothing":
        with lock:
            books.remove(book)
    return 204, {}, None


def list_orders(query):
    offset, limit = number(query, "offset", 0, 0), number(query, "limit", 20, 1, 200)
    part = orders[offset : offset + limit]
    after = offset + limit
    if fault == "next-counts-pages":
        after = offset + 1
    more = after < len(orders)
    if fault == "next-when-full":
        more = len(part) == limit
    if fault == "offset-window" and offset >= 20:
        raise Refused(400, "the result window is too large")
    return 200, {}, {"orders": part, "next_offset": after if more else None}


def encode(position):
    return base64.urlsafe_b64encode(f"after:{position}".encode()).decode()


def decode(token):
    try:
        kind, position = base64.urlsafe_b64decode(token.encode("ascii")).decode("ascii").split(":")
        if kind != "after" or encode(int(position)) != token:
            raise ValueError
        return int(position)
    except ValueError:
        raise Refused(400, "no cursor of ours") from None


def list_events(query):
    limit, token = number(query, "limit", 20, 1, 200), query.get("cursor")
    start = 0
    if token is not None:
        try:
            start = decode(token)
        except Refused:
            if fault != "bad-cursor-restarts":
                raise
    if fault == "cursor-by-time" and start:
        # The token holds a time: what else happened in that minute is passed over.
        start = -(-start // 3) * 3
    if fault == "cursor-skips" and start:
        start += 1
    part = events[start : start + limit]
    end = start + limit
    following = encode(end) if end < len(events) else None
    if fault == "cursor-comes-back" and end >= len(events):
        following = encode(limit)
    if fault == "time-without-zone":
        part = [dict(event, at=event["at"].rstrip("Z")) for event in part]
    return 200, {}, {"data": part, "next_cursor": following}


def list_customers(query, host):
    size, token, city = number(query, "per_page", 20, 1, 200), query.get("after"), query.get("city")
    start = decode(token) if token is not None else 0
    found = [one for one in customers if city is None or one["city"] == city]
    headers = {}
    if start + size < len(found):
        asked = {"after": encode(start + size), "per_page": size}
        if city is not None and fault != "link-forgets-filter":
            asked["city"] = city
        if fault == "link-to-elsewhere":
            host = "localhost:80"
        headers["Link"] = f'<http://{host}/customers?{urlencode(asked)}>; rel="next"'
    return 200, headers, found[start : start + size]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body leave together, once the response is flushed.
    wbufsize = -1

    def answer(self):
        url = urlsplit(self.path)
        pairs = parse_qs(url.query, keep_blank_values=True)
        query = {name: values[0] for name, values in pairs.items()}
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            route = (self.command, *url.path.strip("/").split("/"))
            match route:
                case ("GET", "books"):
                    return list_books(query)
                case ("POST", "books"):
                    return add_book(query, self.json(body))
                case ("GET", "books", text):
                    return get_book(text)
                case ("DELETE", "books", text):
                    return remove_book(text)
                case ("GET", "orders"):
                    return list_orders(query)
                case ("GET", "events"):
                    return list_events(query)
                case ("GET", "customers"):
                    return list_customers(query, self.headers["Host"])
            raise Refused(404, "no such path")
        except Refused as refused:
            if fault == "error-as-list" and route[1] == "books":
                return refused.status, {}, {"errors": [refused.error]}
            return refused.status, {}, {"error": refused.error}
        except Exception as error:
            return 500, {}, {"error": str(error)}

    def json(self, body):
        if not self.headers.get("Content-Type", "").startswith("application/json"):
            raise Refused(400, "no JSON")
        try:
            return json.loads(body)
        except ValueError:
            raise Refused(400, "no JSON") from None

    def handle_one(self):
        status, headers, value = self.answer()
        content = b"" if status == 204 else json.dumps(value).encode()
        self.send_response(status)
        for name, text in headers.items():
            self.send_header(name, text)
        if status != 204:
            html = fault == "error-as-html" and status >= 400
            self.send_header("Content-Type", "text/html" if html else "application/json")
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_DELETE = handle_one

    def log_message(self, *arguments):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
sys.stdin.read()
