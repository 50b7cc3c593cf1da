from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from cbpone.photos.statuses import MAX_BYTES


class TooLargeHandler(FileUploadHandler):
    """Stops keeping a file that is larger than any photo may be, and notes its field."""

    def receive_data_chunk(self, raw_data, start):
        if start > MAX_BYTES:
            self.request.upload_too_large = self.field_name
            raise SkipFile
        return raw_data

    def file_complete(self, file_size):
        return None
