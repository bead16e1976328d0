# The context is the folder that the program was compiled into. User and path are those of the official image.
FROM scratch
COPY k6 /usr/bin/k6
USER 12345
ENTRYPOINT ["/usr/bin/k6"]
