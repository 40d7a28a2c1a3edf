from django_tasks.backends.base import BaseTaskBackend


class DeferringBackend(BaseTaskBackend):
    """Remembers what it was asked, as a queue would until a worker comes."""

    supports_defer = True
    queue: list = []

    def enqueue(self, task, args, kwargs):
        self.queue.append((task, args))


class BrokenBackend(BaseTaskBackend):
    supports_defer = True

    def enqueue(self, task, args, kwargs):
        raise ConnectionError("the queue is down")
