# SPDX-License-Identifier: MIT
"""Time stamps of segments."""
from .case import START, Case
from .files import IF_TSRESOL, Pcap, Pcapng
from .flow import Flow
from .wire import ACK, PSH


def spread(name, shows, file):
    c = Case(name, shows, file, "--spread")
    if file.name == "pcapng":
        c.block(c.file.section())
        c.block(c.file.interface(options=[(IF_TSRESOL, b"\x89")]))
        c.file.ticks = 2**9
    t = START * c.file.ticks

    def at(*ticks):
        return [t + n for n in ticks]

    f, g = Flow(), Flow(port=80)
    f.hello(c, time=t)
    g.hello(c, time=t)
    # two flows at once, and the other direction, do not count
    c.split(f.a(3000), 1448, "syn", time=t + 10, times=at(10, 40, 70))
    c.split(g.a(3000), 1448, "syn", time=t + 20, times=at(20, 44, 69))
    c.same(f.b(), time=t + 30)
    c.same(g.b(), time=t + 31)
    c.mend(g.a(1, PSH | ACK), time=t + 94)
    c.split(f.a(1500), 1448, "syn", time=t + 100, times=at(100, 100))
    # no time passes, or it runs backwards
    c.split(f.a(1500), 1448, "syn", time=t + 100, times=at(100, 100))
    c.split(f.a(1500), 1448, "syn", time=t + 90, times=at(90, 145))
    # seconds are crossed; nothing follows
    c.split(f.a(1500), 1448, "syn", time=t + 200,
            times=at(200, 200 + c.file.ticks // 2))
    c.split(f.a(1500), 1448, "syn", time=t + 200 + c.file.ticks,
            times=at(*[200 + c.file.ticks] * 2))
    return c


def interfaces():
    c = Case("spread-ng-interfaces", "times of two interfaces are not "
             "compared", Pcapng(), "--spread")
    c.block(c.file.section())
    c.block(c.file.interface())
    c.block(c.file.interface(options=[(IF_TSRESOL, b"\x09")]))
    f = Flow()
    t = START * 10**6
    f.hello(c, time=t)
    c.split(f.a(1500), 1448, "syn", time=t + 10)
    c.mend(f.a(10), time=t * 1000 + 20000, interface=1)
    c.split(f.a(1500), 1448, "syn", time=t + 30, times=[t + 30, t + 35])
    c.mend(f.a(10), time=t + 40)
    return c


CASES = [
    lambda: spread("spread", "time to the next packet of the flow "
                   "and direction, divided evenly and rounded down", Pcap()),
    lambda: spread("spread-nano", "the same in nanoseconds",
                   Pcap(">", nano=True)),
    lambda: spread("spread-ng", "the same in units of 1/512 s", Pcapng()),
    interfaces,
]
