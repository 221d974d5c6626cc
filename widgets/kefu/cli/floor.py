"""`kefu floor`: the floor's pages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["add"]


def add(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("floor")(floor)


def floor(
    ip: Annotated[
        str, typer.Option(help="在哪个地址上打开；0.0.0.0 让本地网络也能访问 · where to listen")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口 · port")] = 8866,
    browser: Annotated[bool, typer.Option(help="同时打开浏览器 · open the browser as well")] = True,
    lapse: Annotated[
        float,
        typer.Option(help="闲置多少分钟后换人重新开始 · idle minutes after which a visit is over"),
    ] = 15.0,
    most: Annotated[
        int, typer.Option(min=1, help="最多同时开多少页 · how many pages may be open at once")
    ] = 64,
    share: Annotated[
        float,
        typer.Option(
            min=0.01,
            max=1,
            help="一个地址最多占几成；大家共用一个地址时写 1 · the part of them for one address",
        ),
    ] = 0.5,
    proxy: Annotated[
        list[str] | None,
        typer.Option(help="前面反向代理的地址，可以写几次 · the address of a reverse proxy"),
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option(help="https 用的 PEM 证书 · a PEM certificate, for https")
    ] = None,
    key: Annotated[
        Path | None, typer.Option(help="证书的私钥 · the certificate's private key")
    ] = None,
) -> None:
    """打开一线页面：每日五题 · open the floor's page, the daily five."""
    # Voila takes its time to import; only this command needs it.
    from kefu.door import serve
    from kefu.places import Places
    from kefu.text import Text, preferred

    lang = preferred()

    def say(line: Text) -> None:
        typer.echo(line[lang])

    places = Places.find()
    serve(
        database=places.database(),
        root=places.root,
        say=say,
        ip=ip,
        port=port,
        browser=browser,
        lapse=lapse * 60,
        most=most,
        share=share,
        proxies=proxy or [],
        certificate=certificate,
        key=key,
    )
