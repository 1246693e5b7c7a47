#!/bin/sh
# Runs a Docker engine that needs no registry, with PostgreSQL 15 of Debian as image
# postgres:15, so that the tests with containers can be run where no image can be pulled:
#
#   apt-get install docker.io debootstrap
#   eval "$(slice-tests/src/test/resources/docker-engine.sh start /var/tmp/soong-docker)"
#   mvn verify
#   slice-tests/src/test/resources/docker-engine.sh stop /var/tmp/soong-docker
#
# On Debian, as root. Takes 1.5 GB in the folder and some minutes the first time.
set -eu

command=$1
folder=$2
# The mirror that this machine takes its own packages from, unless one is named
mirror=${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(SITE)' | grep debian | head -1)}
DOCKER_HOST=unix://$folder/docker.sock
export DOCKER_HOST

start() {
	mkdir -p "$folder"
	# Neither firewall rules nor an overlay: both need what containers lack
	dockerd --iptables=false --ip=127.0.0.1 --storage-driver=vfs --data-root "$folder/data" --exec-root "$folder/exec" \
		--pidfile "$folder/dockerd.pid" --host "$DOCKER_HOST" >"$folder/dockerd.log" 2>&1 &
	for attempt in $(seq 60); do
		docker version >/dev/null 2>&1 && break
		sleep 1
	done
	docker image inspect postgres:15 >/dev/null 2>&1 || make_image
	# The last one for where this itself runs in a container
	echo "export DOCKER_HOST=$DOCKER_HOST TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1"
}

make_image() {
	root=$folder/root
	[ -e "$root/usr/lib/postgresql/15/bin/postgres" ] || debootstrap --variant=minbase --include=postgresql-15 bookworm "$root" "$mirror" >&2
	cat >"$root/entrypoint" <<'ENTRYPOINT'
#!/bin/sh
# What the official image's entry point does, as far as a test can tell: a user and a
# database by variables, and a first server for their making, so that the line which
# Testcontainers waits for comes twice.
set -eu
PATH=$PATH:/usr/lib/postgresql/15/bin
user=${POSTGRES_USER:-postgres}
data=/var/lib/postgresql/data
mkdir -p $data /run/postgresql
chown postgres $data /run/postgresql
as_postgres() {
	setpriv --reuid=postgres --regid=postgres --clear-groups "$@"
}
printf '%s' "$POSTGRES_PASSWORD" >/tmp/password
chown postgres /tmp/password
as_postgres initdb --pgdata $data --username "$user" --pwfile /tmp/password --auth-host scram-sha-256 \
	--auth-local trust --encoding UTF8 --locale C.UTF-8
rm /tmp/password
echo 'host all all all scram-sha-256' >>$data/pg_hba.conf
as_postgres pg_ctl --pgdata $data --options "-c listen_addresses=''" --wait start
as_postgres createdb --username "$user" --maintenance-db postgres "${POSTGRES_DB:-$user}" || true
as_postgres pg_ctl --pgdata $data --mode fast --wait stop
exec setpriv --reuid=postgres --regid=postgres --clear-groups "$@" -D $data -c listen_addresses='*'
ENTRYPOINT
	chmod +x "$root/entrypoint"
	tar --create --directory "$root" --exclude ./proc --exclude ./sys --exclude ./var/cache/apt . |
		docker import --change 'ENTRYPOINT ["/entrypoint"]' --change 'CMD ["postgres"]' --change 'EXPOSE 5432' - postgres:15 >&2
}

stop() {
	kill "$(cat "$folder/dockerd.pid")"
}

case $command in
start) start ;;
stop) stop ;;
*) echo "start or stop?" >&2; exit 2 ;;
esac
