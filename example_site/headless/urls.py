from django.urls import path
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.generic import TemplateView

# The editor's preview shows the client in a frame.
client = xframe_options_sameorigin(TemplateView.as_view(template_name="headless/index.html"))

urlpatterns = [path("", client, name="headless")]
