#!/usr/bin/python3 -IS
"""supervisorctl, of which `stop PROGRAM` waits without work.

While a client waits for a stop, supervisord 4.2 keeps asking whether it may write to it, and takes a whole core for as long
as Patroni needs to stop PostgreSQL. So the stop is asked for without a wait, and its end is asked for here. All else, and
whatever goes wrong, is the real supervisorctl's.
"""
import http.client
import os
import socket
import sys
import time
import xmlrpc.client

REAL = "/usr/bin/supervisorctl"
SOCKET = "/run/supervisor.sock"
STOPPING = 40  # supervisor.states.ProcessStates; its loop turns with each question, so it also sees the end sooner


class Connection(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(SOCKET)


class Transport(xmlrpc.client.Transport):
    def make_connection(self, host):
        return Connection("localhost")


def stop(program):
    supervisor = xmlrpc.client.ServerProxy("http://localhost", Transport()).supervisor
    supervisor.stopProcess(program, False)
    while supervisor.getProcessInfo(program)["state"] == STOPPING:
        time.sleep(0.05)
    print(f"{program}: stopped")


if __name__ == "__main__":
    done = False
    if len(sys.argv) == 3 and sys.argv[1] == "stop" and sys.argv[2].isidentifier():
        try:
            stop(sys.argv[2])
            done = True
        except (OSError, http.client.HTTPException, xmlrpc.client.Error):
            pass
    if not done:
        os.execv(REAL, [REAL, *sys.argv[1:]])
