"""A real mail server (aiosmtpd) for tests. Prints its port, then each mail as a line of JSON.

Recipients choose what happens: r550@ and r451@ are answered so; d552@ and d452@ get that answer to their content;
hang@ gets none. `auth` demands a login (shop, pw), `starttls` and `tls` take CERT KEY. `--port` where it must be known.
"""

import argparse
import asyncio
import email
import email.policy
import json
import ssl

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address[:4] in ("r550", "r451"):
            return address[1:4] + " injected"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        to = envelope.rcpt_tos[0]
        if to.startswith("hang"):
            await asyncio.sleep(60)
        if to[:4] in ("d552", "d452"):
            return to[1:4] + " injected"
        print(json.dumps(told(server, session, envelope)), flush=True)
        return "250 OK"


def told(server, session, envelope):
    message = email.message_from_bytes(envelope.content, policy=email.policy.default)
    return {
        "peer": session.peer[1],
        "hello": session.host_name,
        "tls": server.transport.get_extra_info("ssl_object") is not None,
        "login": bool(session.authenticated),
        "envelope_from": envelope.mail_from,
        "envelope_to": envelope.rcpt_tos,
        "headers": {name.lower(): str(value) for name, value in message.items()},
        "text": message.get_body(("plain",)).get_content(),
        "html": (body.get_content() if (body := message.get_body(("html",))) else ""),
        "longest_line": max(len(line) for line in envelope.content.split(b"\r\n")),
    }


def authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (b"shop", b"pw"))


async def main(port, mode, files):
    loop = asyncio.get_running_loop()
    context = None
    if mode in ("starttls", "tls"):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*files)

    def session():
        return SMTP(
            Handler(),
            hostname="mail.test",
            tls_context=context if mode == "starttls" else None,
            require_starttls=mode == "starttls",
            authenticator=authenticate if mode == "auth" else None,
            auth_required=mode == "auth",
            auth_require_tls=False,
        )

    server = await loop.create_server(session, "127.0.0.1", port, ssl=context if mode == "tls" else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=0)
parser.add_argument("mode")
parser.add_argument("files", nargs="*")
asyncio.run(main(**vars(parser.parse_args())))
