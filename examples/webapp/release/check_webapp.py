from slapos.grid.promise.generic import GenericPromise
import socket


class RunPromise(GenericPromise):
    """The service accepts connections."""

    def sense(self):
        host = self.getConfig('host')
        port = int(self.getConfig('port'))
        try:
            with socket.create_connection((host, port), timeout=5):
                self.logger.info("webapp is running on %s:%s", host, port)
        except Exception as e:
            self.logger.error("webapp can't be reached: %s", e)

    def anomaly(self):
        return self._anomaly(result_count=3, failure_amount=3)
