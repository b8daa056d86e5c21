/* webapp: answers HTTP requests with a greeting and writes an access log.

   Usage: webapp --config=FILE [--check]

   FILE has lines "NAME VALUE": listen ADDRESS:PORT, greeting TEXT, access-log
   FILE. --check only reads it. The log is opened for every line, so that it can be
   rotated at any time. */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "config.h"

struct settings {
	char address[64];
	int port;
	char greeting[512];
	char log[1024];
};

static void fail(const char *what, const char *detail)
{
	fprintf(stderr, "webapp: %s%s%s\n", what, detail ? ": " : "", detail ? detail : "");
	exit(1);
}

static void read_settings(const char *name, struct settings *s)
{
	char line[2048];
	FILE *f = fopen(name, "r");

	if (!f)
		fail("can't open configuration", name);
	while (fgets(line, sizeof line, f)) {
		char *value = strchr(line, ' ');

		line[strcspn(line, "\n")] = '\0';
		if (!line[0] || line[0] == '#')
			continue;
		if (!value)
			fail("a line without a value", line);
		*value++ = '\0';
		if (!strcmp(line, "listen")) {
			char *colon = strrchr(value, ':');

			if (!colon)
				fail("listen wants ADDRESS:PORT", value);
			*colon = '\0';
			snprintf(s->address, sizeof s->address, "%s", value);
			s->port = atoi(colon + 1);
		} else if (!strcmp(line, "greeting")) {
			snprintf(s->greeting, sizeof s->greeting, "%s", value);
		} else if (!strcmp(line, "access-log")) {
			snprintf(s->log, sizeof s->log, "%s", value);
		} else {
			fail("an unknown setting", line);
		}
	}
	fclose(f);
	if (!s->port)
		fail("no listen in", name);
}

static void write_log(const struct settings *s, const char *request)
{
	char when[64];
	time_t now = time(NULL);
	FILE *f = s->log[0] ? fopen(s->log, "a") : NULL;

	if (!f)
		return;
	strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
	fprintf(f, "%s %.*s\n", when, (int)strcspn(request, "\r\n"), request);
	fclose(f);
}

static void answer(const struct settings *s, int client)
{
	char request[4096];
	ssize_t n = read(client, request, sizeof request - 1);

	if (n <= 0)
		return;
	request[n] = '\0';
	write_log(s, request);
	dprintf(client,
		"HTTP/1.0 200 OK\r\nServer: webapp/" VERSION "\r\nContent-Type: text/plain\r\n"
		"Content-Length: %zu\r\nConnection: close\r\n\r\n%s\n",
		strlen(s->greeting) + 1, s->greeting);
}

int main(int argc, char **argv)
{
	struct settings s = { "127.0.0.1", 0, "Hello, SlapOS!", "" };
	struct sockaddr_in where = { .sin_family = AF_INET };
	int i, one = 1, check = 0, server;
	const char *config = NULL;

	for (i = 1; i < argc; i++) {
		if (!strncmp(argv[i], "--config=", 9))
			config = argv[i] + 9;
		else if (!strcmp(argv[i], "--check"))
			check = 1;
		else if (!strcmp(argv[i], "--version"))
			return puts("webapp " VERSION) < 0;
		else
			fail("an unknown argument", argv[i]);
	}
	if (!config)
		fail("--config=FILE is missing", NULL);
	read_settings(config, &s);
	if (check) {
		printf("%s:%d %s\n", s.address, s.port, s.greeting);
		return 0;
	}
	signal(SIGPIPE, SIG_IGN);
	where.sin_port = htons(s.port);
	if (inet_pton(AF_INET, s.address, &where.sin_addr) != 1)
		fail("not an IPv4 address", s.address);
	server = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(server, (struct sockaddr *)&where, sizeof where) || listen(server, 16)) {
		perror("webapp: can't listen");
		return 1;
	}
	for (;;) {
		int client = accept(server, NULL, NULL);

		if (client >= 0) {
			answer(&s, client);
			close(client);
		}
	}
}
