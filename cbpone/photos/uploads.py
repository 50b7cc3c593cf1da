from django.core.files.uploadhandler import FileUploadHandler, SkipFile

MAX_BYTES = 25 * 1024 * 1024


class TooLargeHandler(FileUploadHandler):
    """Stops keeping a file that is larger than any photo may be, and notes it on the request."""

    def receive_data_chunk(self, raw_data, start):
        if start > MAX_BYTES:
            self.request.upload_too_large = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size):
        return None
