"""Gets a gizmo as the Python library does: psycopg2, an IAM token as password. The token is signed without boto3."""
import datetime
import hashlib
import hmac
import os
import urllib.parse

import psycopg2


def sign(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def token(host, port, user, region):
    now = datetime.datetime.now(datetime.timezone.utc)
    time, day = now.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%d")
    scope = f"{day}/{region}/rds-db/aws4_request"
    query = urllib.parse.urlencode(sorted({
        "Action": "connect",
        "DBUser": user,
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{os.environ['AWS_ACCESS_KEY_ID']}/{scope}",
        "X-Amz-Date": time,
        "X-Amz-Expires": "900",
        "X-Amz-Security-Token": os.environ["AWS_SESSION_TOKEN"],
        "X-Amz-SignedHeaders": "host",
    }.items()), quote_via=urllib.parse.quote, safe="")
    empty = hashlib.sha256(b"").hexdigest()
    request = f"GET\n/\n{query}\nhost:{host}:{port}\n\nhost\n{empty}"
    text = f"AWS4-HMAC-SHA256\n{time}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    key = ("AWS4" + os.environ["AWS_SECRET_ACCESS_KEY"]).encode()
    for part in (day, region, "rds-db", "aws4_request"):
        key = sign(key, part)
    return f"{host}:{port}/?{query}&X-Amz-Signature={sign(key, text).hex()}"


host, port, user = os.environ["PG_HOST"], os.environ["PG_PORT"], os.environ["PG_USER"]
connection = psycopg2.connect(host=host, hostaddr=os.environ["PG_HOSTADDR"], port=port, user=user,
                              dbname=os.environ["PG_DBNAME"], password=token(host, port, user, os.environ["AWS_REGION"]),
                              sslmode="verify-full", sslrootcert=os.environ["PG_SSLROOTCERT"])
with connection.cursor() as cursor:
    cursor.execute("SELECT id, name, color FROM gizmos WHERE id = %s", (42,))
    print(cursor.fetchone(), flush=True)
